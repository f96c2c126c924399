/** Who comes before whom: what a pill may point at, and which wires are refused and why. */

import { acceptsInput, portsOf } from "./ports";
import type { EdgeJson, GraphJson, NodeJson, Types } from "./types";

export type Refusal = "self" | "cycle" | "duplicate" | "trigger" | "port" | "missing";

function reachable(start: string, next: ReadonlyMap<string, string[]>): Set<string> {
  const seen = new Set<string>();
  const open = [...(next.get(start) ?? [])];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(next.get(at) ?? []));
  }
  return seen;
}

function index(
  edges: readonly EdgeJson[],
  from: "source" | "target",
  to: "source" | "target",
): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const edge of edges) {
    const list = map.get(edge[from]);
    if (list) list.push(edge[to]);
    else map.set(edge[from], [edge[to]]);
  }
  return map;
}

export function descendants(graph: Pick<GraphJson, "edges">, id: string): Set<string> {
  return reachable(id, index(graph.edges, "source", "target"));
}

/** Ids of all steps upstream of `id`: the only steps its pills may point at. */
export function ancestors(graph: Pick<GraphJson, "edges">, id: string): Set<string> {
  return reachable(id, index(graph.edges, "target", "source"));
}

/** Upstream steps, the nearest first: the order in which a person looks for data. */
export function upstream(graph: GraphJson, id: string): NodeJson[] {
  const before = index(graph.edges, "target", "source");
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const found: NodeJson[] = [];
  const seen = new Set([id]);
  let ring = [id];
  while (ring.length > 0) {
    const next: string[] = [];
    for (const source of ring.flatMap((at) => before.get(at) ?? [])) {
      if (seen.has(source)) continue;
      seen.add(source);
      next.push(source);
      const node = nodes.get(source);
      if (node) found.push(node);
    }
    ring = next;
  }
  return found;
}

/** Why this wire may not be drawn, or null when it may. */
export function refusal(graph: GraphJson, types: Types, edge: EdgeJson): Refusal | null {
  const source = graph.nodes.find((node) => node.id === edge.source);
  const target = graph.nodes.find((node) => node.id === edge.target);
  if (!source || !target) return "missing";
  if (source === target) return "self";
  if (!acceptsInput(target, types)) return "trigger";
  if (!portsOf(source, types.get(source.type)).some((port) => port.id === edge.port)) return "port";
  if (graph.edges.some((e) => e.source === edge.source && e.port === edge.port && e.target === edge.target)) {
    return "duplicate";
  }
  return descendants(graph, edge.target).has(edge.source) ? "cycle" : null;
}

/** Ids of the steps some trigger leads to; the others never run. */
export function reachedFromTriggers(graph: GraphJson, types: Types): Set<string> {
  const next = index(graph.edges, "source", "target");
  const reached = new Set<string>();
  for (const node of graph.nodes) {
    if (acceptsInput(node, types)) continue;
    reached.add(node.id);
    reachable(node.id, next).forEach((id) => reached.add(id));
  }
  return reached;
}
