// The reading pane: one event with its data, every scenario it was meant for, and why it started nothing.
import { Anchor, Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconArrowLeft } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { useQuery } from "urql";
import { EventDetailDocument, type EventRowFragment } from "../../api/generated/events";
import { exactWords } from "../../ui/Ago";
import { loadWords } from "../../ui/i18n";
import { Failed, Waiting } from "../../ui/Parts";
import { RunStatusMark } from "../../ui/RunStatusMark";
import css from "./EventsPage.module.css";
import { useEventWords } from "./useEventWords";

// How a run shows its data; its words are the builder's.
const DataView = lazy(async () => {
  const [{ DataView }] = await Promise.all([import("../../canvas/DataView"), loadWords("builder")]);
  return { default: DataView };
});

type Considered = EventRowFragment["considered"][number];

export function EventPanel({ id, back }: { id: string; back: string }) {
  const { t, i18n } = useLingui();
  const { cameIn, again } = useEventWords();
  const [{ data, error }, ask] = useQuery({ query: EventDetailDocument, variables: { id } });
  const event = data?.event;
  const repeated = event ? again(event) : "";
  return (
    <article className={css.panel} aria-label={t`Event`}>
      <Anchor component={Link} to={back} replace className={css.back ?? ""}>
        <IconArrowLeft size={16} aria-hidden /> <Trans>All events</Trans>
      </Anchor>
      {error && !event && <Failed error={error} again={() => ask({ requestPolicy: "network-only" })} />}
      {!data && !error && <Waiting what={t`Opening the event…`} lines={3} />}
      {data && !event && (
        <p>
          <Trans>There is no such event. It may have been removed from the history.</Trans>
        </p>
      )}
      {event && (
        <>
          <h2 className={css.heading}>{cameIn(event)}</h2>
          <p className={css.soft}>{exactWords(new Date(event.createdAt), i18n.locale)}</p>
          {repeated !== "" && <p className={css.again}>{repeated}</p>}
          <ul className={css.considered} aria-label={t`Scenarios it was meant for`}>
            {event.considered.map((one, i) => (
              <Outcome key={i} one={one} />
            ))}
          </ul>
          <h3 className={css.subheading}>
            <Trans>What came in</Trans>
          </h3>
          <Suspense fallback={<Waiting what={t`Opening the data…`} lines={2} />}>
            <DataView value={event.payload} />
          </Suspense>
        </>
      )}
    </article>
  );
}

function Outcome({ one }: { one: Considered }) {
  const { t } = useLingui();
  const title = one.scenarioTitle || t`Untitled scenario`;
  const isCondition = one.code === "condition" || one.code === "condition_error";
  return (
    <li className={css.card} data-stopped={one.run === null || undefined}>
      <div className={css.cardTop}>
        <Anchor component={Link} to={`/scenarios/${one.scenarioId}`} className={css.cardTitle ?? ""}>
          {title}
        </Anchor>
        {one.stepTitle !== "" && <span className={css.soft}>{one.stepTitle}</span>}
      </div>
      {one.run ? (
        <div className={css.cardRun}>
          <RunStatusMark status={one.run.status} />
          <Anchor component={Link} to={`/runs/${one.run.id}`}>
            <Trans>Open the run</Trans>
          </Anchor>
        </div>
      ) : (
        <>
          {one.rules.length > 0 ? (
            <>
              <p className={css.reason}>
                <Trans>Not started, because its start condition does not hold:</Trans>
              </p>
              <ul className={css.rules}>
                {one.rules.map((rule, i) => (
                  <li key={i}>{rule.words}</li>
                ))}
              </ul>
            </>
          ) : (
            <p className={css.reason}>{one.reason}</p>
          )}
          {one.fix !== "" && <p className={css.soft}>{one.fix}</p>}
          <Button
            component={Link}
            to={
              isCondition ? `/scenarios/${one.scenarioId}?step=${one.nodeId}` : `/scenarios/${one.scenarioId}`
            }
            variant="default"
            size="xs"
            className={css.mend ?? ""}
          >
            {isCondition ? <Trans>Open the condition</Trans> : <Trans>Open the scenario</Trans>}
          </Button>
        </>
      )}
    </li>
  );
}
