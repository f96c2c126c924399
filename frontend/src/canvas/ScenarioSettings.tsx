// What holds for every run of the scenario: how long it may take, how many go on at once, how often they begin.
import { useMemo } from "react";
import { CloseButton, NativeSelect } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type RunLimit, runLimitOf, type RunLimitKind, runTimeoutOf, withRunLimit } from "../graph/limits";
import { outputTree, type PillSource } from "../graph/pills";
import type { GraphJson, Json, NodeJson } from "../graph/types";
import { Amount, Time } from "../inspector/Amounts";
import { InspectorContext } from "../inspector/context";
import { PillText } from "../inspector/PillText";
import { type ProblemInfo, useBuilder } from "./builder";
import { useView } from "./view";
import "../inspector/inspector.css";
import "./side.css";

interface ScenarioSettingsProps {
  problems: ProblemInfo[];
  /** Outputs of the last run by step id. */
  seen: ReadonlyMap<string, Json>;
}

const YEAR = 31_536_000;
const NOWHERE: NodeJson = {
  id: "",
  type: "",
  version: 1,
  title: "",
  position: { x: 0, y: 0 },
  disabled: false,
  params: {},
};

export function ScenarioSettings({ problems, seen }: ScenarioSettingsProps) {
  const { t } = useLingui();
  const { graph, types, commands, readOnly } = useBuilder();
  const setSide = useView((view) => view.setSide);
  const form = useMemo(
    () => ({
      node: NOWHERE,
      graph,
      types,
      sources: triggerSources(graph, types, seen),
      seen: seen.size > 0,
      readOnly,
      onBlur: () => commands.doc.history.endTyping(),
    }),
    [graph, types, seen, readOnly, commands],
  );
  const own = problems.filter((problem) => problem.nodeId === null && problem.path[0] === "settings");
  return (
    <aside className="side-panel" aria-label={t`Settings of the scenario`} data-canvas-panel>
      <header className="side-head">
        <h2>
          <Trans>Settings of the scenario</Trans>
        </h2>
        <CloseButton aria-label={t`Close the settings of the scenario`} onClick={() => setSide(null)} />
      </header>
      <InspectorContext value={form}>
        <div className="side-body inspector-form">
          {own.map((problem, i) => (
            <div className="field-problems" key={i}>
              <p data-warning={problem.warning}>
                <strong>{problem.message}</strong> {problem.fix}
              </p>
            </div>
          ))}
          <Time
            label={t`A run may take at most`}
            description={t`Empty: as long as it needs. Counts from the event, waits included.`}
            value={runTimeoutOf(graph)}
            max={YEAR}
            disabled={readOnly}
            onChange={(seconds) => commands.setScenarioSetting("run_timeout_seconds", seconds)}
          />
          <Limit kind="concurrency" />
          <Limit kind="rate" />
        </div>
      </InspectorContext>
    </aside>
  );
}

function Limit({ kind }: { kind: RunLimitKind }) {
  const { t } = useLingui();
  const { graph, commands, readOnly } = useBuilder();
  const limit = runLimitOf(graph, kind);
  const isRate = kind === "rate";
  const set = (next: RunLimit | null) =>
    commands.setScenarioSetting("limits", withRunLimit(graph, kind, next));
  const fresh: RunLimit = { atMost: 1, key: undefined, skips: false, ...(isRate ? { perSeconds: 60 } : {}) };
  return (
    <fieldset className="settings-group">
      <legend>{isRate ? <Trans>How often</Trans> : <Trans>How many at once</Trans>}</legend>
      <Amount
        label={isRate ? t`Runs that begin, at most` : t`Runs at once, at most`}
        description={t`Empty: no limit.`}
        value={limit?.atMost}
        max={isRate ? 100_000 : 10_000}
        disabled={readOnly}
        onChange={(atMost) => set(atMost === undefined ? null : { ...(limit ?? fresh), atMost })}
      />
      {limit && (
        <>
          {isRate && (
            <Time
              label={t`within`}
              value={limit.perSeconds}
              max={YEAR}
              disabled={readOnly}
              onChange={(perSeconds) => perSeconds !== undefined && set({ ...limit, perSeconds })}
            />
          )}
          <div className="field">
            <span className="field-label">
              <Trans>Counted for each</Trans>
            </span>
            <PillText
              label={isRate ? t`How often: counted for each` : t`How many at once: counted for each`}
              value={limit.key}
              onChange={(key) => set({ ...limit, key })}
              mode="value"
              eager
            />
            <p className="settings-words">
              <Trans>
                Pick data of the trigger, such as the client: then each client has a limit of its own.
              </Trans>
            </p>
          </div>
          <NativeSelect
            label={t`Further runs`}
            value={limit.skips ? "skip" : "wait"}
            disabled={readOnly}
            data={[
              { value: "wait", label: t`wait for their turn` },
              { value: "skip", label: t`are skipped and end at once` },
            ]}
            onChange={(event) => set({ ...limit, skips: event.currentTarget.value === "skip" })}
          />
        </>
      )}
    </fieldset>
  );
}

/** Before a run begins only what a trigger brings is known. */
function triggerSources(
  graph: GraphJson,
  types: ReturnType<typeof useBuilder>["types"],
  seen: ReadonlyMap<string, Json>,
): PillSource[] {
  return graph.nodes
    .filter((node) => types.get(node.type)?.kind === "TRIGGER" && !node.disabled)
    .map((node) => {
      const type = types.get(node.type);
      return { node, type, root: outputTree(node, type, seen.get(node.id)) };
    });
}
