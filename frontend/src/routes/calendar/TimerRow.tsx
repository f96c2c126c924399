// One moment of the calendar: when, what happens then, whose it is, and what became of it.
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import {
  IconCalendarEvent,
  IconClockPause,
  IconHourglass,
  IconPlayerPlay,
  IconRepeat,
} from "@tabler/icons-react";
import { Link } from "react-router";
import type { TimerListQuery } from "../../api/generated/calendar";
import { exactWords } from "../../ui/Ago";
import rows from "../../ui/Rows.module.css";
import { Tag } from "../../ui/Tag";
import { useDuration } from "../runs/duration";
import css from "./CalendarPage.module.css";
import { lateBy } from "./days";

export type Timer = TimerListQuery["timers"]["nodes"][number];

export const KINDS = {
  SCHEDULE: { icon: IconCalendarEvent, name: msg`Starts by schedule` },
  WAIT: { icon: IconClockPause, name: msg`Waits of steps` },
  RETRY: { icon: IconRepeat, name: msg`Repeated attempts` },
  DEADLINE: { icon: IconHourglass, name: msg`Time limits of runs` },
  LIMIT: { icon: IconPlayerPlay, name: msg`Turns in a queue` },
} as const;

export function TimerRow({ timer, now }: { timer: Timer; now: number }) {
  const { t, i18n } = useLingui();
  const at = new Date(timer.fireAt);
  const Icon = KINDS[timer.kind].icon;
  const title = timer.scenarioTitle || t`Untitled scenario`;
  const to = timer.runId === null ? `/scenarios/${timer.scenarioId}` : `/runs/${timer.runId}`;
  return (
    <li className={`${rows.row} ${css.row}`} data-state={timer.state.toLowerCase()}>
      <time className={css.time} dateTime={timer.fireAt} title={exactWords(at, i18n.locale)}>
        {at.toLocaleTimeString(i18n.locale, { timeStyle: at.getSeconds() === 0 ? "short" : "medium" })}
      </time>
      <Icon className={css.icon ?? ""} size={20} stroke={1.75} aria-hidden />
      <div className={css.what}>
        <Link to={to} className={`${rows.cover} ${rows.oneLine}`}>
          {title}
        </Link>
        <span className={rows.soft}>
          <WhatHappens timer={timer} />
        </span>
        {timer.reason !== "" && <span className={css.reason}>{timer.reason}</span>}
        {timer.state === "PLANNED" && !timer.scenarioEnabled && (
          <span className={css.reason}>
            {timer.runId === null ? (
              <Trans>The scenario is switched off: nothing will start.</Trans>
            ) : (
              <Trans>The scenario is switched off; this run goes on to its end.</Trans>
            )}
          </span>
        )}
      </div>
      <Became timer={timer} now={now} />
    </li>
  );
}

/** A timer without a step is the time limit of its whole run. */
function WhatHappens({ timer }: { timer: Timer }) {
  const step = timer.stepTitle;
  switch (timer.kind) {
    case "SCHEDULE":
      return step === "" ? <Trans>starts a run</Trans> : <Trans>starts a run: {step}</Trans>;
    case "WAIT":
      return step === "" ? <Trans>a run goes on</Trans> : <Trans>a run goes on after “{step}”</Trans>;
    case "RETRY":
      return step === "" ? <Trans>a step is tried again</Trans> : <Trans>“{step}” is tried again</Trans>;
    case "LIMIT":
      return step === "" ? <Trans>its turn comes</Trans> : <Trans>the turn of “{step}” comes</Trans>;
    default:
      return step === "" ? (
        <Trans>the time of the whole run is up</Trans>
      ) : (
        <Trans>the time of “{step}” is up</Trans>
      );
  }
}

function Became({ timer, now }: { timer: Timer; now: number }) {
  const { t } = useLingui();
  const duration = useDuration();
  const { fireAt, firedAt, state } = timer;
  if (state === "MISSED") {
    return <Tag tone="bad">{t({ message: "missed", context: "timer" })}</Tag>;
  }
  if (state === "CANCELLED") {
    return <Tag tone="plain">{t({ message: "taken back", context: "timer" })}</Tag>;
  }
  const until = firedAt ?? (state === "PLANNED" ? new Date(now).toISOString() : null);
  const late = until === null ? 0 : lateBy(fireAt, until);
  const time = until === null ? "" : duration(fireAt, until);
  if (state === "FIRED") {
    return late === 0 ? (
      <span className={css.became}>
        <Trans>on time</Trans>
      </span>
    ) : (
      <span className={css.became} data-late>
        <Trans>{time} late</Trans>
      </span>
    );
  }
  return late > OVERDUE_MS ? <Tag tone="bad">{t`overdue by ${time}`}</Tag> : null;
}

/** What is planned fires within a second; a list that was loaded a moment ago may not know it yet. */
const OVERDUE_MS = 10_000;
