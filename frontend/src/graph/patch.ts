/**
 * What a gesture changed, as plain data: the history is made of these, so it can be kept and read back after a reload.
 *
 * A change names a place and what stood and stands there; `undefined` is nothing. Places: a whole step, one property of
 * a step, one of its `params` or `settings`, a wire, a property of the scenario.
 */

import type { EdgeJson, Json, NodeJson } from "./types";
import { sameJson } from "./values";

export type Place =
  | ["node", string]
  | ["node", string, string]
  | ["node", string, "params" | "settings", string]
  | ["edge", string]
  | ["meta", string];

export interface Change {
  at: Place;
  was: Json | undefined;
  now: Json | undefined;
}

export interface Placed {
  node: NodeJson;
  order: number;
}

/** The document at one moment; steps that did not change are the same objects. */
export interface Snapshot {
  nodes: ReadonlyMap<string, Placed>;
  edges: ReadonlyMap<string, EdgeJson & { order: number }>;
  meta: ReadonlyMap<string, Json>;
}

export function diff(before: Snapshot, after: Snapshot): Change[] {
  const changes: Change[] = [];
  const note = (at: Place, was: unknown, now: unknown) => {
    if (!sameJson(was, now)) changes.push({ at, was: was as Json | undefined, now: now as Json | undefined });
  };
  for (const id of union(before.nodes, after.nodes)) {
    const was = before.nodes.get(id);
    const now = after.nodes.get(id);
    if (!was || !now) note(["node", id], was, now);
    else if (was.node !== now.node || was.order !== now.order) properties(was, now, id, note);
  }
  for (const id of union(before.edges, after.edges)) {
    note(["edge", id], before.edges.get(id), after.edges.get(id));
  }
  for (const key of union(before.meta, after.meta)) {
    note(["meta", key], before.meta.get(key), after.meta.get(key));
  }
  return changes;
}

type Note = (at: Place, was: unknown, now: unknown) => void;

function properties(was: Placed, now: Placed, id: string, note: Note): void {
  const [a, b] = [flat(was), flat(now)];
  for (const key of union(a, b)) note(["node", id, key], a.get(key), b.get(key));
  for (const part of ["params", "settings"] as const) {
    const [old, fresh] = [was.node[part] ?? {}, now.node[part] ?? {}];
    const keys = new Set([...Object.keys(old), ...Object.keys(fresh)]);
    for (const key of keys) note(["node", id, part, key], old[key], fresh[key]);
  }
}

const KNOWN = new Set(["id", "type", "version", "title", "disabled", "position", "params", "settings"]);

/** Properties of a step as the document keeps them. */
function flat({ node, order }: Placed): Map<string, unknown> {
  const extra = Object.fromEntries(Object.entries(node).filter(([key]) => !KNOWN.has(key)));
  const { position, type, version, title, disabled } = node;
  const fields = { type, version, title, disabled, x: position.x, y: position.y, order };
  return new Map<string, unknown>([
    ...Object.entries(fields),
    ...(Object.keys(extra).length > 0 ? [["extra", extra] as const] : []),
  ]);
}

function union(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): Set<string> {
  return new Set([...a.keys(), ...b.keys()]);
}
