// The arithmetic of a board: which cards stand in a column, and what its sum is taken of.
import type { Field, Pipeline, Row, TypeShape, Values } from "../model";

/** A card that was moved here: it stands in its new column before the server has answered. */
export interface Moved {
  row: Row;
  to: string;
  turn: number;
}

const stageOf = (row: Row) => (row.values as Values).stage;

/** The loaded cards of a column with those moved in laid on top, without those moved away. */
export function cardsOf(stage: string, loaded: readonly Row[], moves: ReadonlyMap<string, Moved>): Row[] {
  const here = [...moves.values()]
    .filter((one) => one.to === stage)
    .sort((one, other) => other.turn - one.turn);
  const stay = loaded.filter((row) => !moves.has(row.id) && stageOf(row) === stage);
  return [...here.map((one) => one.row), ...stay];
}

/** The stage a step to the left or right leads to; the same at the edge. */
export function stageBeside(stages: readonly unknown[], at: number, step: number): number {
  return Math.max(0, Math.min(at + step, stages.length - 1));
}

/** The money of a board: what its pipeline sums, else the field called amount, else the first money. */
export function moneyOf(type: TypeShape, pipeline: Pipeline | undefined): Field | undefined {
  const summed = type.fields.filter((one) => one.shownAs === "money");
  return (
    summed.find((one) => one.key === pipeline?.sumField) ??
    summed.find((one) => one.key === "amount") ??
    summed[0]
  );
}

/** The column under a point: the nearest when the pointer is between two. */
export function columnAt(x: number, boxes: readonly { left: number; right: number }[]): number {
  const distance = (box: { left: number; right: number }) => Math.max(box.left - x, 0, x - box.right);
  let best = -1;
  boxes.forEach((box, at) => {
    const nearest = boxes[best];
    if (!nearest || distance(box) < distance(nearest)) best = at;
  });
  return best;
}
