// The history of runs: newest first, fresh by itself, filtered by scenario and outcome.
import { Button, SegmentedControl } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { RunListDocument, type RunListQuery } from "../../api/generated/manage";
import type { RunStatus } from "../../api/types";
import { useKeyset } from "../../api/useKeyset";
import { useNews } from "../../api/useNews";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty, Failed, Panel, Waiting } from "../../ui/Parts";
import rows from "../../ui/Rows.module.css";
import { RunRow } from "./RunRow";
import css from "./RunsPage.module.css";
import { ScenarioFilter } from "./ScenarioFilter";

const pick = (data: RunListQuery) => data.runs;

/** The filter's names stand in the address, so a filtered list can be sent to a colleague. */
const outcomes = {
  all: null,
  open: ["QUEUED", "RUNNING", "WAITING", "PAUSED", "UNKNOWN"],
  done: ["SUCCEEDED"],
  failed: ["FAILED"],
  cancelled: ["CANCELLED"],
} as const satisfies Record<string, readonly RunStatus[] | null>;
type Outcome = keyof typeof outcomes;

export function RunsPage() {
  const { t } = useLingui();
  const [params, setParams] = useSearchParams();
  const scenarioId = params.get("scenario");
  const asked = params.get("status") ?? "all";
  const outcome: Outcome = asked in outcomes ? (asked as Outcome) : "all";
  const variables = useMemo(
    () => ({ first: 50, scenarioId, statuses: outcomes[outcome] && [...outcomes[outcome]] }),
    [scenarioId, outcome],
  );
  const list = useKeyset(RunListDocument, variables, pick);
  useNews("runs", list.refresh);

  const filter = (name: string, value: string) =>
    setParams(
      (was) => {
        if (value === "") was.delete(name);
        else was.set(name, value);
        return was;
      },
      { replace: true },
    );

  return (
    <Page
      title={t`Runs`}
      about={t`Each time a scenario ran: what came in, what every step did, how it ended.`}
    >
      <div className={css.filters}>
        <ScenarioFilter value={scenarioId ?? ""} onChange={(id) => filter("scenario", id)} />
        <div className={css.outcomes}>
          <SegmentedControl
            aria-label={t`Outcome`}
            withItemsBorders={false}
            value={outcome}
            onChange={(value) => filter("status", value === "all" ? "" : value)}
            data={[
              { value: "all", label: t({ context: "runs", message: "All" }) },
              { value: "open", label: t({ context: "runs", message: "In progress" }) },
              { value: "done", label: t({ context: "runs", message: "Done" }) },
              { value: "failed", label: t({ context: "runs", message: "Failed" }) },
              { value: "cancelled", label: t({ context: "runs", message: "Cancelled" }) },
            ]}
          />
        </div>
      </div>
      {list.error && <Failed error={list.error} again={list.refresh} />}
      {!list.items && !list.error && <Waiting what={t`Loading runs…`} />}
      {list.items && list.items.length > 0 && (
        <Panel>
          <ul className={rows.rows} aria-label={t`Runs`}>
            {list.items.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
        </Panel>
      )}
      <More hasMore={list.hasMore} loading={list.loadingMore} onMore={list.loadMore} />
      {list.items?.length === 0 && (
        <NoRuns scenario={scenarioId} filtered={scenarioId !== null || outcome !== "all"} />
      )}
    </Page>
  );
}

function NoRuns({ filtered, scenario }: { filtered: boolean; scenario: string | null }) {
  const { t } = useLingui();
  const why = (
    <Button
      component={Link}
      to={scenario === null ? "/events?outcome=stopped" : `/events?outcome=stopped&scenario=${scenario}`}
      variant="subtle"
    >
      <Trans>Why did it not run?</Trans>
    </Button>
  );
  return (
    <Panel>
      {filtered ? (
        <Empty
          icon={<IconPlayerPlay />}
          title={t`No such runs`}
          action={
            <>
              <Button component={Link} to="/runs" variant="default">
                <Trans>Show all runs</Trans>
              </Button>
              {why}
            </>
          }
        >
          <Trans>No run fits this filter. New ones appear here by themselves.</Trans>
        </Empty>
      ) : (
        <Empty
          icon={<IconPlayerPlay />}
          title={t`Nothing has run yet`}
          action={
            <>
              <Button component={Link} to="/scenarios">
                <Trans>Go to scenarios</Trans>
              </Button>
              {why}
            </>
          }
        >
          <Trans>Publish a scenario and make its event happen: the run appears here by itself.</Trans>
        </Empty>
      )}
    </Panel>
  );
}
