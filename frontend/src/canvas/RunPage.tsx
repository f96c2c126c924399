// One run on the graph of its version: what came in, what each step did, how it ended.
import { useEffect, useMemo } from "react";
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconPlayerPlay } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { ReactFlowProvider } from "@xyflow/react";
import { Link } from "react-router";
import { useQuery, useSubscription } from "urql";
import { RunDetailDocument, RunProgressDocument } from "../api/generated/builder";
import { type Catalog, useCatalog } from "../catalog/useCatalog";
import { TypeIcon } from "../catalog/icons";
import { Commands } from "../graph/commands";
import { normalise, ScenarioDoc } from "../graph/doc";
import { Ago } from "../ui/Ago";
import { useTitle } from "../ui/Page";
import { Empty, Failed, Waiting } from "../ui/Parts";
import { RunStatusMark } from "../ui/RunStatusMark";
import { type Builder, BuilderContext } from "./builder";
import { Canvas } from "./Canvas";
import { DataView } from "./DataView";
import { RunCause, RunControls } from "./RunControls";
import { RunQuestions } from "./RunQuestion";
import { ErrorBox, StepData } from "./StepData";
import { useStepWords } from "./stepWords";
import { Toolbar } from "./Toolbar";
import { useActions } from "./useActions";
import { useCanvasView } from "./useCanvasKeys";
import { overlayOf, type RunDetail } from "./useRuns";
import { useView } from "./view";
import "./frame.css";
import "./runs.css";
import "./runPage.css";

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
  useEffect(() => {
    if (change) ask({ requestPolicy: "network-only" });
  }, [change, ask]);
  useEffect(() => useView.getState().reset(), [id]);

  if (run && catalog) {
    return (
      <ReactFlowProvider>
        <OpenRun run={run} catalog={catalog} onChanged={() => ask({ requestPolicy: "network-only" })} />
      </ReactFlowProvider>
    );
  }
  return (
    <div className="builder-message">
      {error && !run ? (
        <Failed error={error} again={() => ask({ requestPolicy: "network-only" })} />
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

interface OpenRunProps {
  run: RunDetail;
  catalog: Catalog;
  onChanged: () => void;
}

function OpenRun({ run, catalog, onChanged }: OpenRunProps) {
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
      overlay: overlayOf(run.id, undefined, run),
    }),
    [still, catalog, run],
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
          <Steps run={run} builder={builder} />
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
        </p>
        <RunCause cause={run.waitsFor} />
      </div>
      <RunControls run={run} onChanged={onChanged} />
    </header>
  );
}

function Steps({ run, builder }: { run: RunDetail; builder: Builder }) {
  const { t } = useLingui();
  const opened = useView((view) => view.opened);
  const { status, shortTime } = useStepWords();
  return (
    <aside className="run-steps" aria-label={t`Steps of the run`}>
      {run.error && <ErrorBox error={run.error} />}
      <ol className="run-step-list">
        {run.steps.map((step, i) => {
          const open = opened === step.nodeId;
          const took =
            step.startedAt !== null && step.finishedAt !== null
              ? Date.parse(step.finishedAt) - Date.parse(step.startedAt)
              : null;
          return (
            <li key={step.nodeId} data-live={step.status.toLowerCase()} data-testid={`step-${step.nodeId}`}>
              <button
                type="button"
                className="run-step-head"
                aria-expanded={open}
                ref={open ? (element) => element?.scrollIntoView({ block: "nearest" }) : null}
                onClick={() => {
                  useView.getState().open(open ? null : step.nodeId);
                  useView.getState().select(open ? [] : [step.nodeId]);
                }}
              >
                <TypeIcon type={builder.types.get(step.nodeType)} size={30} />
                <span className="run-step-words">
                  <span className="run-step-title">{step.title}</span>
                  <span className="run-step-meta" data-live={step.status.toLowerCase()}>
                    {status(step.status)}
                    {took !== null && step.status !== "SKIPPED" && ` · ${shortTime(took)}`}
                  </span>
                </span>
              </button>
              {open && <StepData step={step} payload={i === 0 ? run.event.payload : null} />}
            </li>
          );
        })}
      </ol>
      {run.result !== null && (
        <section>
          <h2 className="step-data-title">
            <Trans>Result</Trans>
          </h2>
          <DataView value={run.result} />
        </section>
      )}
    </aside>
  );
}
