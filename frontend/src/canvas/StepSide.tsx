// The open step beside the canvas: its settings, and what it did in the shown run.
import type { NodeJson } from "../graph/types";
import { Inspector } from "../inspector/Inspector";
import { useBuilder } from "./builder";
import { HookAddress } from "./HookAddress";
import { StepData } from "./StepData";
import { StepInside } from "./StepInside";
import { StepPanel } from "./StepPanel";
import type { Actions } from "./useActions";
import type { Runs } from "./useRuns";
import type { OpenScenario } from "./useScenario";

interface StepSideProps {
  node: NodeJson;
  actions: Actions;
  open: OpenScenario;
  runs: Runs;
}

export function StepSide({ node, actions, open, runs }: StepSideProps) {
  const { graph, types, commands, problems, readOnly } = useBuilder();
  const step = runs.detail?.steps.find((one) => one.nodeId === node.id);
  const isEntry = runs.detail?.steps[0]?.nodeId === node.id;
  return (
    <StepPanel
      node={node}
      actions={actions}
      data={
        runs.overlay && runs.detail ? (
          <StepData
            step={step}
            payload={isEntry ? runs.detail.event.payload : null}
            inside={step && <StepInside run={runs.detail} step={step} />}
          />
        ) : null
      }
      settings={
        <Inspector
          node={node}
          graph={graph}
          types={types}
          commands={commands}
          problems={problems.get(node.id) ?? []}
          seen={runs.seen}
          readOnly={readOnly}
          scenarioId={open.scenario.id}
        >
          {types.get(node.type)?.start === "webhook" && (
            <HookAddress
              url={open.scenario.hooks.find((hook) => hook.nodeId === node.id)?.url}
              published={open.scenario.published !== null && open.scenario.enabled}
            />
          )}
        </Inspector>
      }
    />
  );
}
