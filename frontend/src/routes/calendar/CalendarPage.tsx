// The calendar: what happens by itself and when, what did, and what did not and why. Times are the person's own.
import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconCalendarEvent } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { TimerListDocument, type TimerListQuery } from "../../api/generated/calendar";
import { useKeyset } from "../../api/useKeyset";
import { useNews } from "../../api/useNews";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty, Failed, Panel, Waiting } from "../../ui/Parts";
import rows from "../../ui/Rows.module.css";
import { useEveryWhileVisible } from "../../ui/useEveryWhileVisible";
import { ScenarioFilter } from "../runs/ScenarioFilter";
import css from "./CalendarPage.module.css";
import { byDay, dayWords } from "./days";
import { KINDS, TimerRow } from "./TimerRow";

const pick = (data: TimerListQuery) => data.timers;
/** The filter's names stand in the address, so a filtered calendar can be sent to a colleague. */
const STATES = { next: "PLANNED", fired: "FIRED", missed: "MISSED", cancelled: "CANCELLED" } as const;
const EVERY_MS = 15_000;
type State = keyof typeof STATES;
type Kind = keyof typeof KINDS;

export function CalendarPage() {
  const { t, i18n } = useLingui();
  const [params, setParams] = useSearchParams();
  const scenarioId = params.get("scenario");
  const asked = params.get("state") ?? "next";
  const state: State = asked in STATES ? (asked as State) : "next";
  const wanted = params.get("kind")?.toUpperCase() ?? "";
  const kind = wanted in KINDS ? (wanted as Kind) : null;
  const variables = useMemo(
    () => ({ first: 50, state: STATES[state], scenarioId, kinds: kind && [kind] }),
    [state, scenarioId, kind],
  );
  const list = useKeyset(TimerListDocument, variables, pick);
  const [now, setNow] = useState(() => Date.now());
  useNews("runs", list.refresh);
  // Moments pass by themselves: what was next a while ago has fired.
  useEveryWhileVisible(EVERY_MS, () => {
    setNow(Date.now());
    list.refresh();
  });
  const set = (name: string, value: string) =>
    setParams(
      (was) => {
        if (value === "") was.delete(name);
        else was.set(name, value);
        return was;
      },
      { replace: true },
    );
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const today = new Date(now);
  const filtered = scenarioId !== null || kind !== null;

  return (
    <Page
      title={t`Calendar`}
      about={t`What happens by itself, and when: schedules, waits, repeated attempts, time limits. Times are yours: ${zone}.`}
    >
      <div className={css.filters}>
        <div className={css.states}>
          <SegmentedControl
            aria-label={t`What became of it`}
            withItemsBorders={false}
            value={state}
            onChange={(value) => set("state", value === "next" ? "" : value)}
            data={[
              { value: "next", label: t({ context: "timers", message: "Next" }) },
              { value: "fired", label: t({ context: "timers", message: "Fired" }) },
              { value: "missed", label: t({ context: "timers", message: "Missed" }) },
              { value: "cancelled", label: t({ context: "timers", message: "Taken back" }) },
            ]}
          />
        </div>
        <ScenarioFilter value={scenarioId ?? ""} onChange={(id) => set("scenario", id)} />
        <NativeSelect
          aria-label={t`Kind`}
          value={kind?.toLowerCase() ?? ""}
          onChange={(event) => set("kind", event.currentTarget.value)}
          data={[
            { value: "", label: t`All kinds` },
            ...Object.entries(KINDS).map(([value, { name }]) => ({
              value: value.toLowerCase(),
              label: i18n._(name),
            })),
          ]}
        />
      </div>
      {list.error && <Failed error={list.error} again={list.refresh} />}
      {!list.items && !list.error && <Waiting what={t`Loading the calendar…`} />}
      {list.items &&
        byDay(list.items).map((day) => (
          <section key={day.key} className={css.day} aria-labelledby={`day-${day.key}`}>
            <h2 id={`day-${day.key}`}>{dayWords(new Date(`${day.key}T12:00`), today, i18n.locale)}</h2>
            <Panel>
              <ul className={rows.rows}>
                {day.rows.map((timer) => (
                  <TimerRow key={timer.id} timer={timer} now={now} />
                ))}
              </ul>
            </Panel>
          </section>
        ))}
      <More hasMore={list.hasMore} loading={list.loadingMore} onMore={list.loadMore} />
      {list.items?.length === 0 && <Nothing state={state} filtered={filtered} />}
    </Page>
  );
}

function Nothing({ state, filtered }: { state: State; filtered: boolean }) {
  const { t } = useLingui();
  const titles: Record<State, string> = {
    next: t`Nothing is planned`,
    fired: t`Nothing has fired yet`,
    missed: t`Nothing was missed`,
    cancelled: t`Nothing was taken back`,
  };
  return (
    <Panel>
      <Empty
        icon={<IconCalendarEvent />}
        title={titles[state]}
        action={
          filtered ? (
            <Button component={Link} to="/calendar" variant="default">
              <Trans>Show the whole calendar</Trans>
            </Button>
          ) : state === "next" ? (
            <Button component={Link} to="/scenarios">
              <Trans>Go to scenarios</Trans>
            </Button>
          ) : undefined
        }
      >
        {filtered ? (
          <Trans>No moment fits this filter.</Trans>
        ) : state === "missed" ? (
          <Trans>Moments that passed while Potok was off appear here, each with its reason.</Trans>
        ) : (
          <Trans>
            Publish a scenario that starts at set times, or let a step wait: its moments appear here by
            themselves.
          </Trans>
        )}
      </Empty>
    </Panel>
  );
}
