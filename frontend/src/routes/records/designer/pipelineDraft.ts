// A pipeline while it is changed, and as it is sent.
import type { SavePipelineMutationVariables } from "../../../api/generated/records";
import type { Names, Pipeline, Stage } from "../model";
import { keyFrom } from "./keys";
import { newId } from "./settings";

export interface ReasonDraft {
  id: string;
  names: Names;
}

export interface StageDraft {
  /** Tells it from others while it has no id. */
  mark: string;
  id: string | null;
  names: Names;
  color: string;
  outcome: Stage["outcome"];
  probability: number;
  required: string[];
  /** As they are typed: one a line. */
  reasons: string;
  known: readonly ReasonDraft[];
}

export interface PipelineDraft {
  id: string | null;
  names: Names;
  sumMode: Pipeline["sumMode"];
  sumField: string;
  sumFormula: string;
  stages: StageDraft[];
}

export function stageDraft(part: Partial<StageDraft> = {}): StageDraft {
  return {
    mark: newId(),
    id: null,
    names: {},
    color: "",
    outcome: "OPEN",
    probability: 0,
    required: [],
    reasons: "",
    known: [],
    ...part,
  };
}

export function draftOf(
  pipeline: Pipeline | null,
  locale: string,
  name: string,
  likely: string[],
): PipelineDraft {
  if (!pipeline) {
    const looks: Partial<StageDraft>[] = [
      { color: "blue", probability: 10 },
      { color: "yellow", probability: 50 },
      { color: "green", outcome: "WON", probability: 100 },
      { color: "red", outcome: "LOST" },
    ];
    const stages = likely.map((one, at) => stageDraft({ ...looks[at], names: { [locale]: one } }));
    return { id: null, names: { [locale]: name }, sumMode: "HAND", sumField: "", sumFormula: "", stages };
  }
  const { id, names, sumMode, sumField, sumFormula } = pipeline;
  const stages = pipeline.stages.map((one) =>
    stageDraft({
      id: one.id,
      names: { ...(one.names as Names) },
      color: one.color,
      outcome: one.outcome,
      probability: one.probability,
      required: [...one.required],
      reasons: one.reasons.map((reason) => reason.name).join("\n"),
      known: one.reasons.map((reason) => ({ id: reason.id, names: { [locale]: reason.name } })),
    }),
  );
  return { id, names: { ...(names as Names) }, sumMode, sumField, sumFormula, stages };
}

export function sentOf(draft: PipelineDraft): SavePipelineMutationVariables["pipeline"] {
  const { id, stages, ...rest } = draft;
  return {
    ...rest,
    ...(id !== null && { id }),
    stages: stages.map((one) => ({
      ...(one.id !== null && { id: one.id }),
      names: one.names,
      color: one.color,
      outcome: one.outcome,
      probability: one.probability,
      required: one.required,
      reasons: reasonsOf(one, Object.keys(one.names)[0] ?? "en"),
    })),
  };
}

/** A line that is known keeps its id, so records that ended with it still say why. */
export function reasonsOf(stage: StageDraft, locale: string): ReasonDraft[] {
  const lines = [...new Set(stage.reasons.split("\n").map((one) => one.trim()))].filter((one) => one !== "");
  const taken = stage.known.map((one) => one.id);
  return lines.map((name) => {
    const known = stage.known.find((one) => Object.values(one.names).includes(name));
    if (known) return known;
    const id = keyFrom(name, taken, "reason");
    taken.push(id);
    return { id, names: { [locale]: name } };
  });
}
