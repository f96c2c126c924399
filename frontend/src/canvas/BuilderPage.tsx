// The builder: one scenario on the canvas or as a list, the open step beside it, its runs below.
import { useCallback, useEffect, useMemo, useState } from "react";
import { Button } from "@mantine/core";
import { IconSitemapOff } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { ReactFlowProvider } from "@xyflow/react";
import { Link } from "react-router";
import { useMay } from "../api/session";
import { type Catalog, useCatalog } from "../catalog/useCatalog";
import { Commands } from "../graph/commands";
import { ScenarioDoc } from "../graph/doc";
import { useTitle } from "../ui/Page";
import { Empty, Failed, Waiting } from "../ui/Parts";
import { AddStep } from "./AddStep";
import { type Builder, BuilderContext, type ProblemInfo } from "./builder";
import { Canvas } from "./Canvas";
import { EmptyCanvas } from "./EmptyCanvas";
import { Header } from "./Header";
import { Hint } from "./Hint";
import { fetchParts } from "../ui/later";
import { Palette } from "./Palette";
import { AskedStep, Conflict, ListView, ProblemsPanel, ScenarioSettings, StepSide, Versions } from "./parts";
import { RunsStrip } from "./RunsStrip";
import { SelectionBar, ShowPalette, Toolbar, UndoRedo } from "./Toolbar";
import { useActions } from "./useActions";
import { useCanvasKeys, useCanvasView } from "./useCanvasKeys";
import { type Runs, useRuns } from "./useRuns";
import { type OpenScenario, useScenario } from "./useScenario";
import type { Looked } from "./Versions";
import { useView } from "./view";
import "./frame.css";

export function BuilderPage({ id }: { id: string }) {
  const { t } = useLingui();
  const { catalog, failed, retry } = useCatalog();
  useEffect(() => useView.getState().reset(), [id]);
  if (failed) {
    return (
      <div className="builder-message">
        <Empty
          icon={<IconSitemapOff />}
          title={t`The steps could not be loaded`}
          action={<Button onClick={retry}>{t`Try again`}</Button>}
        >
          <Trans>The server does not answer.</Trans>
        </Empty>
      </div>
    );
  }
  if (!catalog) {
    return (
      <div className="builder-message">
        <Waiting what={t`Opening the scenario…`} />
      </div>
    );
  }
  return <WithCatalog id={id} catalog={catalog} />;
}

function WithCatalog({ id, catalog }: { id: string; catalog: Catalog }) {
  const { t } = useLingui();
  const state = useScenario(id, catalog.types);
  if (state.phase === "open") {
    return (
      <ReactFlowProvider>
        <OpenBuilder open={state.open} catalog={catalog} />
      </ReactFlowProvider>
    );
  }
  return (
    <div className="builder-message">
      {state.phase === "loading" && <Waiting what={t`Opening the scenario…`} />}
      {state.phase === "failed" && <Failed error={state.error} again={state.again} />}
      {state.phase === "missing" && (
        <Empty
          icon={<IconSitemapOff />}
          title={t`There is no such scenario`}
          action={
            <Button component={Link} to="/scenarios">
              <Trans>All scenarios</Trans>
            </Button>
          }
        >
          <Trans>It may have been deleted, or the address is wrong.</Trans>
        </Empty>
      )}
    </div>
  );
}

function OpenBuilder({ open, catalog }: { open: OpenScenario; catalog: Catalog }) {
  const { t } = useLingui();
  const may = useMay("build");
  const runs = useRuns(open.scenario.id);
  const [looked, setLooked] = useState<Looked | null>(null);
  useTitle(open.graph.title || t`Untitled scenario`);
  const problems = useMemo(() => problemInfos(open.scenario.problems), [open.scenario.problems]);
  const old = useMemo(() => {
    if (!looked) return null;
    const doc = new ScenarioDoc(looked.graph);
    return { doc, commands: new Commands(doc, () => catalog.types), graph: looked.graph };
  }, [looked, catalog.types]);
  const { doc, commands, graph } = old ?? open;
  const builder = useMemo<Builder>(
    () => ({
      doc,
      commands,
      graph,
      types: catalog.types,
      groups: catalog.groups,
      readOnly: !may || old !== null,
      problems: old ? new Map() : byNode(problems),
      overlay: runs.overlay,
    }),
    [doc, commands, graph, catalog, may, old, problems, runs.overlay],
  );
  return (
    <BuilderContext value={builder}>
      <Layout
        open={open}
        runs={runs}
        problems={problems}
        looked={looked}
        onLook={setLooked}
        builder={builder}
      />
      {open.saveState.phase === "conflict" && <Conflict open={open} />}
    </BuilderContext>
  );
}

interface LayoutProps {
  open: OpenScenario;
  runs: Runs;
  problems: ProblemInfo[];
  looked: Looked | null;
  onLook: (version: Looked | null) => void;
  builder: Builder;
}

function Layout({ open, runs, problems, looked, onLook, builder }: LayoutProps) {
  const actions = useActions();
  const mode = useView((view) => view.mode);
  const palette = useView((view) => view.palette);
  const side = useView((view) => view.side);
  const opened = useView((view) => view.opened);
  useEffect(fetchParts, []);
  const canvas = useCanvasView();
  useCanvasKeys(actions, canvas);
  const node = builder.graph.nodes.find((one) => one.id === opened);
  const started = useCallback((runId: string) => runs.show(runId), [runs]);
  return (
    <div className="builder" data-mode={mode}>
      <Header open={open} problems={problems} onStarted={started} />
      <AskedStep graph={builder.graph} />
      {looked && <LookedBar version={looked.number} onBack={() => onLook(null)} />}
      <div className="builder-body">
        {mode === "canvas" && !builder.readOnly && palette && <Palette />}
        <div className="builder-stage">
          {mode === "canvas" ? (
            <>
              <Canvas key={looked?.number ?? "draft"} />
              {builder.graph.nodes.length === 0 && <EmptyCanvas />}
              {!palette && !builder.readOnly && <ShowPalette />}
              <SelectionBar actions={actions} />
              <Toolbar actions={actions} canvas={canvas} />
            </>
          ) : (
            <>
              {!builder.readOnly && (
                <div className="list-tools">
                  <UndoRedo
                    actions={actions}
                    depth={[builder.doc.history.undoDepth, builder.doc.history.redoDepth]}
                  />
                </div>
              )}
              <ListView actions={actions} />
            </>
          )}
          <Hint onUndo={actions.undo} />
          <AddStep />
        </div>
        {node && <StepSide key={node.id} node={node} actions={actions} open={open} runs={runs} />}
        {!node && side === "problems" && <ProblemsPanel problems={problems} />}
        {!node && side === "settings" && <ScenarioSettings problems={problems} seen={runs.seen} />}
        {!node && side === "versions" && (
          <Versions
            open={open}
            readOnly={builder.readOnly && looked === null}
            looked={looked?.number ?? null}
            onLook={onLook}
          />
        )}
      </div>
      <RunsStrip runs={runs} published={open.scenario.published !== null} />
    </div>
  );
}

function LookedBar({ version, onBack }: { version: number; onBack: () => void }) {
  return (
    <div className="looked-bar" role="status">
      <Trans>You are looking at version {version}. Nothing can be changed here.</Trans>
      <Button size="compact-sm" variant="default" onClick={onBack}>
        <Trans>Back to the draft</Trans>
      </Button>
    </div>
  );
}

function problemInfos(problems: OpenScenario["scenario"]["problems"]): ProblemInfo[] {
  return problems.map(({ code, message, fix, severity, nodeId, path }) => ({
    code,
    message,
    fix,
    warning: severity === "WARNING",
    nodeId,
    path,
  }));
}

function byNode(problems: ProblemInfo[]): ReadonlyMap<string, ProblemInfo[]> {
  const map = new Map<string, ProblemInfo[]>();
  for (const problem of problems) {
    if (problem.nodeId === null) continue;
    map.set(problem.nodeId, [...(map.get(problem.nodeId) ?? []), problem]);
  }
  return map;
}
