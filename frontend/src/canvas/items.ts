// Which item of each loop is looked at in the shown run, and how to get from one to the next.
import { create } from "zustand";
import { loopBodies, LOOP_TYPE } from "../graph/loops";
import type { GraphJson } from "../graph/types";

/** Numbers from 0; in nested loops the outer one's first. */
export type ItemPath = readonly number[];

interface Items {
  /** Of the run that is shown, by loop. */
  chosen: Readonly<Record<string, ItemPath>>;
  choose: (run: string, loop: string, path: ItemPath) => void;
}

export const useItems = create<Items>((set) => ({
  chosen: {},
  choose: (run, loop, path) => set(({ chosen }) => ({ chosen: { ...chosen, [keyOf(run, loop)]: path } })),
}));

export const keyOf = (run: string, loop: string) => `${run}:${loop}`;

/** The loop whose items a step is done for: itself if it is one, else the innermost around it. */
export function loopOf(graph: Pick<GraphJson, "nodes" | "edges">, id: string): string | null {
  if (graph.nodes.some((node) => node.id === id && node.type === LOOP_TYPE)) return id;
  const around = [...loopBodies(graph)].filter(([, body]) => body.has(id));
  around.sort(([, a], [, b]) => a.size - b.size);
  return around[0]?.[0] ?? null;
}

/** Whether a loop stands inside another: then its items have no numbers of their own. */
export function isNested(graph: Pick<GraphJson, "nodes" | "edges">, loop: string): boolean {
  return [...loopBodies(graph).values()].some((body) => body.has(loop));
}

/** As a person counts: from 1, "2.5" is the fifth of what the second brought. */
export function numberOf(path: ItemPath): string {
  return path
    .filter((part) => part >= 0)
    .map((part) => part + 1)
    .join(".");
}

/** The place in a list of paths from which one goes on; between two of them when it is not in the list. */
export function beside(list: readonly ItemPath[], path: ItemPath, way: 1 | -1): ItemPath | undefined {
  if (way === 1) return list.find((one) => compare(one, path) > 0);
  return list.findLast((one) => compare(one, path) < 0);
}

function compare(a: ItemPath, b: ItemPath): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const by = (a[i] ?? -1) - (b[i] ?? -1);
    if (by !== 0) return by;
  }
  return 0;
}
