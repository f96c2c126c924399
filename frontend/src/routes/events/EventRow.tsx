// One event in the list: what came in and when, what it started or why it did not.
import { useLingui } from "@lingui/react/macro";
import {
  IconArrowRampRight,
  IconClock,
  IconHandClick,
  IconWebhook,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link } from "react-router";
import type { EventRowFragment } from "../../api/generated/events";
import { Ago } from "../../ui/Ago";
import { RunStatusMark } from "../../ui/RunStatusMark";
import css from "./EventsPage.module.css";
import { useEventWords } from "./useEventWords";

const icons: Readonly<Record<string, TablerIcon>> = {
  webhook: IconWebhook,
  manual: IconHandClick,
  schedule: IconClock,
  call: IconArrowRampRight,
};

interface EventRowProps {
  event: EventRowFragment;
  to: string;
  current: boolean;
}

export function EventRow({ event, to, current }: EventRowProps) {
  const { t } = useLingui();
  const { cameIn, again } = useEventWords();
  const Icon = icons[event.kind] ?? IconWebhook;
  const repeated = again(event);
  return (
    <li>
      <Link to={to} replace className={css.row} aria-current={current || undefined}>
        <span className={css.top}>
          <span className={css.kind}>
            <Icon size={16} aria-hidden />
            <span className={css.cut}>{cameIn(event)}</span>
          </span>
          <Ago at={event.createdAt} className={css.when ?? ""} />
        </span>
        {event.considered.map((one, i) => (
          <span className={css.outcome} key={i}>
            <span className={css.scenario}>{one.scenarioTitle || t`Untitled scenario`}</span>
            {one.run ? (
              <RunStatusMark status={one.run.status} />
            ) : (
              <span className={css.stopped}>
                {t`Not started:`}{" "}
                {one.rules.length > 0 ? one.rules.map((rule) => rule.words).join("; ") : one.reason}
              </span>
            )}
          </span>
        ))}
        {repeated !== "" && <span className={css.again}>{repeated}</span>}
      </Link>
    </li>
  );
}
