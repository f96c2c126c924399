// What happened: every event, what it started, and why it started nothing. The answer to "why did it not run?".
import { Alert, Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconInfoCircle, IconTimelineEvent } from "@tabler/icons-react";
import { useCallback, useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { useQuery } from "urql";
import { EventListDocument, type EventListQuery, ScenarioStateDocument } from "../../api/generated/events";
import { useKeyset } from "../../api/useKeyset";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty, Failed, Panel, Waiting } from "../../ui/Parts";
import { useEveryWhileVisible } from "../../ui/useEveryWhileVisible";
import { EventPanel } from "./EventPanel";
import { EventRow } from "./EventRow";
import css from "./EventsPage.module.css";
import { Filters } from "./Filters";
import { isFiltered, readWanted, toFilter, type Wanted } from "./wanted";

const pick = (data: EventListQuery) => data.events;
/** What starts nothing announces nothing, so the list looks by itself. */
const FRESH_MS = 5_000;

export function EventsPage() {
  const { t } = useLingui();
  const [params, setParams] = useSearchParams();
  const wanted = useMemo(() => readWanted(params), [params]);
  const key = JSON.stringify(toFilter(wanted));
  const variables = useMemo(
    () => ({ first: 50, filter: JSON.parse(key) as ReturnType<typeof toFilter> }),
    [key],
  );
  const list = useKeyset(EventListDocument, variables, pick);
  // A search goes on by pages; a fresh first page would throw the reader back.
  useEveryWhileVisible(FRESH_MS, () => {
    if (wanted.text === "") list.refresh();
  });
  const set = useCallback(
    (name: keyof Wanted, value: string) =>
      setParams(
        (was) => {
          was.delete("event");
          if (value === "") was.delete(name);
          else was.set(name, value);
          return was;
        },
        { replace: true },
      ),
    [setParams],
  );
  const asked = params.get("event");
  const address = (event: string | null) => {
    const next = new URLSearchParams(params);
    if (event === null) next.delete("event");
    else next.set("event", event);
    return `/events?${next.toString()}`;
  };
  // On a wide screen something is always open; on a narrow one only what was pressed.
  const open = asked ?? list.items?.[0]?.id ?? null;
  const isEmpty = list.items?.length === 0 && asked === null;

  return (
    <Page
      wide
      title={t`What happened`}
      about={t`Everything that came in, what it started, and why it started nothing.`}
    >
      <Filters
        aside={asked !== null}
        wanted={wanted}
        set={set}
        clear={() => setParams({}, { replace: true })}
      />
      {wanted.scenario !== "" && <State id={wanted.scenario} />}
      {list.error && <Failed error={list.error} again={list.refresh} />}
      {!list.items && !list.error && <Waiting what={t`Loading events…`} />}
      {isEmpty && !list.hasMore && <Nothing wanted={wanted} />}
      {isEmpty && list.hasMore && (
        <Panel>
          <p className={css.further}>
            <Trans>Nothing among the newest events. Older ones have not been looked through yet.</Trans>
          </p>
          <More hasMore loading={list.loadingMore} onMore={list.loadMore} />
        </Panel>
      )}
      {list.items && !isEmpty && open !== null && (
        <div className={css.panes} data-open={asked !== null || undefined}>
          <div className={css.list}>
            <ul className={css.rows} aria-label={t`Events`}>
              {list.items.map((event) => (
                <EventRow key={event.id} event={event} to={address(event.id)} current={event.id === open} />
              ))}
            </ul>
            <More hasMore={list.hasMore} loading={list.loadingMore} onMore={list.loadMore} />
          </div>
          <EventPanel key={open} id={open} back={address(null)} />
        </div>
      )}
    </Page>
  );
}

/** A scenario that nothing can start says so before anybody looks through events. */
function State({ id }: { id: string }) {
  const [{ data }] = useQuery({ query: ScenarioStateDocument, variables: { id } });
  const scenario = data?.scenario;
  if (!scenario || (scenario.enabled && scenario.published)) return null;
  return (
    <Alert className={css.note ?? ""} color="yellow" icon={<IconInfoCircle aria-hidden />}>
      {scenario.published ? (
        <Trans>This scenario is switched off: nothing starts it now.</Trans>
      ) : (
        <Trans>This scenario is not published: nothing can start it yet.</Trans>
      )}{" "}
      <Link to={`/scenarios/${id}`}>
        <Trans>Open the scenario</Trans>
      </Link>
    </Alert>
  );
}

function Nothing({ wanted }: { wanted: Wanted }) {
  const { t } = useLingui();
  const filtered = isFiltered(wanted);
  return (
    <Panel>
      <Empty
        icon={<IconTimelineEvent />}
        title={filtered ? t`No such events` : t`Nothing has happened yet`}
        action={
          filtered ? (
            <Button component={Link} to="/events" variant="default">
              <Trans>Show everything</Trans>
            </Button>
          ) : (
            <Button component={Link} to="/scenarios">
              <Trans>Go to scenarios</Trans>
            </Button>
          )
        }
      >
        {filtered && wanted.scenario !== "" ? (
          <Trans>
            Nothing of this kind reached the scenario. If something should have, look at where it is sent
            from: it never arrived here.
          </Trans>
        ) : filtered ? (
          <Trans>No event fits this filter.</Trans>
        ) : (
          <Trans>Webhooks, schedules and starts by hand appear here, also those that started nothing.</Trans>
        )}
      </Empty>
    </Panel>
  );
}
