// Moves a record to another stage. When something is missing, it says what, so that it can be filled and tried again.
import { useCallback, useState } from "react";
import type { Row, Stage, TypeShape, Values } from "../model";
import { type Problem, useSave } from "../useSave";

export interface Asking {
  row: Row;
  stage: Stage;
  problems: readonly Problem[];
  words: string;
}

export function useMove(type: TypeShape, moved: (row: Row) => void, back?: (row: Row) => void) {
  const save = useSave();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [busy, setBusy] = useState(false);
  const move = useCallback(
    async (row: Row, stage: Stage, also: Values = {}): Promise<boolean> => {
      setBusy(true);
      const pipeline = type.pipelines.find((one) => one.stages.some((each) => each.id === stage.id));
      const values = { ...also, stage: stage.id, ...(pipeline && { pipeline: pipeline.id }) };
      const saved = await save(row, values);
      setBusy(false);
      if (saved.record) {
        setAsking(null);
        moved(saved.record);
        return true;
      }
      back?.(saved.newest ?? row);
      setAsking({ row: saved.newest ?? row, stage, problems: saved.problems, words: saved.words });
      return false;
    },
    [type, save, moved, back],
  );
  return { asking, move, busy, forget: useCallback(() => setAsking(null), []) };
}

/** Fields a refusal names that a person can fill: of the stage, or with a value that is wrong. */
export function missingKeys(type: TypeShape, { problems, stage, row }: Asking): string[] {
  const values = row.values as Values;
  const named = problems.flatMap((one) => one.path);
  const empty = stage.required.filter((key) => values[key] === undefined || values[key] === null);
  const keys = new Set([...empty, ...named]);
  return type.fields.filter((one) => !one.computed && keys.has(one.key)).map((one) => one.key);
}

export const wantsReason = ({ problems, stage }: Asking): boolean =>
  stage.reasons.length > 0 &&
  problems.some((one) => one.code === "record.stage_needs_reason" || one.path.includes("close_reason"));
