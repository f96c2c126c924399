// One run on the graph of its version: what came in, what each step did, how it ended.
import { useCallback, useEffect, useMemo, useRef } from "react";
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconPlayerPlay } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { ReactFlowProvider } from "@xyflow/react";
import { Link } from "react-router";
import { useQuery, useSubscription } from "urql";
import {
  RunDetailDocument,
  RunProgressDocument,
  type RunProgressSubscription,
} from "../api/generated/builder";
import { type Catalog, useCatalog } from "../catalog/useCatalog";
import { Commands } from "../graph/commands";
import { normalise, ScenarioDoc } from "../graph/doc";
import { Ago } from "../ui/Ago";
import { useTitle } from "../ui/Page";
import { Empty, Failed, Waiting } from "../ui/Parts";
import { RunStatusMark } from "../ui/RunStatusMark";
import { type Builder, BuilderContext } from "./builder";
import { Canvas } from "./Canvas";
import { RunCause, RunControls, RunReason } from "./RunControls";
import { RunEvent } from "./RunEvent";
import { RunQuestions } from "./RunQuestion";
import { RunSteps } from "./RunSteps";
import { useStepWords } from "./stepWords";
import { Toolbar } from "./Toolbar";
import { useActions } from "./useActions";
import { useCanvasView } from "./useCanvasKeys";
import { overlayOf, type RunDetail } from "./useRuns";
import { useView } from "./view";
import "./frame.css";
import "./runs.css";
import "./runPage.css";

const CALM_MS = 1000;

export function RunPage({ id }: { id: string }) {
  const { t } = useLingui();
  const { catalog } = useCatalog();
  const [{ data, error, fetching }, ask] = useQuery({
    query: RunDetailDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  const run = data?.run;
  const scenarioId = run?.scenarioId ?? "";
  const over = typeof run?.finishedAt === "string";
  const [{ data: news }] = useSubscription({
    query: RunProgressDocument,
    variables: { scenarioId },
    pause: scenarioId === "" || over,
  });
  const change = news?.runProgress.runId === id ? news.runProgress : null;
  const again = useCallback(() => ask({ requestPolicy: "network-only" }), [ask]);
  useCalmly(change, again);
  useEffect(() => useView.getState().reset(), [id]);

  if (run && catalog) {
    return (
      <ReactFlowProvider>
        <OpenRun run={run} progress={change} catalog={catalog} onChanged={again} />
      </ReactFlowProvider>
    );
  }
  return (
    <div className="builder-message">
      {error && !run ? (
        <Failed error={error} again={again} />
      ) : data && !run && !fetching ? (
        <Empty
          icon={<IconPlayerPlay />}
          title={t`There is no such run`}
          action={
            <Button component={Link} to="/runs">
              <Trans>All runs</Trans>
            </Button>
          }
        >
          <Trans>It may have been removed from the history, or the address is wrong.</Trans>
        </Empty>
      ) : (
        <Waiting what={t`Opening the run…`} />
      )}
    </div>
  );
}

/** Asks at once when something happened, but no more often than a long loop can be read. */
function useCalmly(change: object | null, ask: () => void): void {
  const last = useRef(0);
  useEffect(() => {
    if (change === null) return;
    const timer = setTimeout(
      () => {
        last.current = Date.now();
        ask();
      },
      Math.max(0, last.current + CALM_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [change, ask]);
}

interface OpenRunProps {
  run: RunDetail;
  /** The newest live message about it. */
  progress: RunProgressSubscription["runProgress"] | null;
  catalog: Catalog;
  onChanged: () => void;
}

function OpenRun({ run, progress, catalog, onChanged }: OpenRunProps) {
  const { t } = useLingui();
  const title = run.scenarioTitle || t`Untitled scenario`;
  useTitle(t`Run: ${title}`);
  const still = useMemo(() => {
    const graph = normalise(run.version.graph);
    const doc = new ScenarioDoc(graph);
    return { graph, doc, commands: new Commands(doc, () => catalog.types) };
  }, [run.version.graph, catalog.types]);
  const builder = useMemo<Builder>(
    () => ({
      ...still,
      types: catalog.types,
      groups: catalog.groups,
      readOnly: true,
      problems: new Map(),
      overlay: overlayOf(run.id, progress ?? undefined, run),
    }),
    [still, catalog, run, progress],
  );
  const failed = run.error?.nodeId ?? null;
  useEffect(() => {
    // What went wrong is what a person comes for.
    if (failed !== null) useView.getState().open(failed);
  }, [failed]);
  return (
    <BuilderContext value={builder}>
      <div className="builder run-page">
        <RunHeader run={run} onChanged={onChanged} />
        {run.status === "UNKNOWN" && <RunQuestions run={run} onAnswered={onChanged} />}
        <div className="run-body">
          <div className="builder-stage run-stage">
            <Canvas />
            <RunTools />
          </div>
          <RunSteps run={run} />
        </div>
      </div>
    </BuilderContext>
  );
}

function RunTools() {
  const actions = useActions();
  return <Toolbar actions={actions} canvas={useCanvasView()} />;
}

function RunHeader({ run, onChanged }: Pick<OpenRunProps, "run" | "onChanged">) {
  const { t } = useLingui();
  const { number } = run.version;
  const caller = run.calledBy && (run.calledBy.scenarioTitle || t`Untitled scenario`);
  const { shortTime } = useStepWords();
  const took =
    run.startedAt !== null && run.finishedAt !== null
      ? Date.parse(run.finishedAt) - Date.parse(run.startedAt)
      : null;
  return (
    <header className="builder-head run-head">
      <Tooltip label={t`All runs`}>
        <ActionIcon component={Link} to="/runs" variant="subtle" color="gray" aria-label={t`All runs`}>
          <IconArrowLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <div className="run-name">
        <h1>
          <Link to={`/scenarios/${run.scenarioId}`}>{run.scenarioTitle || t`Untitled scenario`}</Link>
        </h1>
        <p className="run-facts">
          <span data-testid="run-status">
            <RunStatusMark status={run.status} />
          </span>
          {run.endName !== null && run.endName !== "" && <span>{run.endName}</span>}
          <Ago at={run.createdAt} />
          {took !== null && <span>{shortTime(took)}</span>}
          <span>
            <Trans>version {number}</Trans>
          </span>
          <RunEvent id={run.event.id} />
        </p>
        {run.calledBy && (
          <p className="run-facts">
            <Link to={`/runs/${run.calledBy.id}`}>
              <Trans>Called by a run of “{caller}”</Trans>
            </Link>
          </p>
        )}
        <RunCause cause={run.waitsFor} />
        <RunReason error={run.error} />
      </div>
      <RunControls run={run} onChanged={onChanged} />
    </header>
  );
}
