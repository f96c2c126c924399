// What a step did for the items of its loop: one of them at a time, where the shown graph still has that loop.
import { useBuilder } from "./builder";
import { loopOf } from "./items";
import { LoopItems } from "./runParts";
import { useStepWords } from "./stepWords";
import type { RunDetail } from "./useRuns";

interface StepInsideProps {
  run: Pick<RunDetail, "id" | "steps">;
  step: RunDetail["steps"][number];
}

export function StepInside({ run, step }: StepInsideProps) {
  const { graph } = useBuilder();
  const { items } = useStepWords();
  const loop = loopOf(graph, step.nodeId);
  const counts = run.steps.find((one) => one.nodeId === loop)?.counts;
  if (loop === null || !counts) return step.counts && <p>{items(step.counts)}</p>;
  return <LoopItems key={loop} runId={run.id} loop={loop} nodeId={step.nodeId} counts={counts} />;
}
