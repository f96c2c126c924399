// What holds for every run of a scenario: how long it may take, how many go on at once, how often they begin.
import { useMemo } from "react";
import { NativeSelect } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Commands } from "../graph/commands";
import { type RunLimit, runLimitOf, type RunLimitKind, runTimeoutOf, withRunLimit } from "../graph/limits";
import { outputTree, type PillSource } from "../graph/pills";
import type { GraphJson, Json, NodeJson, Types } from "../graph/types";
import { Amount, Time } from "./Amounts";
import type { FieldProblem } from "./Field";
import { InspectorContext } from "./context";
import { PillText } from "./PillText";
import "./inspector.css";

interface RunSettingsProps {
  graph: GraphJson;
  types: Types;
  commands: Commands;
  problems: FieldProblem[];
  seen: ReadonlyMap<string, Json>;
  readOnly: boolean;
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

export function RunSettings({ graph, types, commands, problems, seen, readOnly }: RunSettingsProps) {
  const { t } = useLingui();
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
  const parts = { graph, commands, readOnly };
  return (
    <InspectorContext value={form}>
      <section className="inspector-form" aria-label={t`Settings`}>
        {problems.map((problem, i) => (
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
        <Limit kind="concurrency" {...parts} />
        <Limit kind="rate" {...parts} />
      </section>
    </InspectorContext>
  );
}

interface LimitProps extends Pick<RunSettingsProps, "graph" | "commands" | "readOnly"> {
  kind: RunLimitKind;
}

function Limit({ kind, graph, commands, readOnly }: LimitProps) {
  const { t } = useLingui();
  const limit = runLimitOf(graph, kind);
  const isRate = kind === "rate";
  const set = (next: RunLimit | null) =>
    commands.setScenarioSetting("limits", withRunLimit(graph, kind, next));
  const fresh: RunLimit = { atMost: 1, key: undefined, skips: false, ...(isRate ? { perSeconds: 60 } : {}) };
  return (
    <fieldset className="run-limit">
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
            <p className="run-limit-words">
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
function triggerSources(graph: GraphJson, types: Types, seen: ReadonlyMap<string, Json>): PillSource[] {
  return graph.nodes
    .filter((node) => types.get(node.type)?.kind === "TRIGGER" && !node.disabled)
    .map((node) => {
      const type = types.get(node.type);
      return { node, type, root: outputTree(node, type, seen.get(node.id)) };
    });
}
