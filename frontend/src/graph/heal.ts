/** Taking steps out without cutting the scenario: the wire runs on as if the removed steps had let everything through. */

import { mainPort } from "./ports";
import { descendants } from "./reach";
import type { EdgeJson, GraphJson, Types } from "./types";

/** Wires to add when `removed` goes. A removed step with several ways out hands on only its main one. */
export function healingEdges(graph: GraphJson, types: Types, removed: ReadonlySet<string>): EdgeJson[] {
  const kept = graph.edges.filter((edge) => !removed.has(edge.source) && !removed.has(edge.target));
  const healed: EdgeJson[] = [];
  for (const edge of graph.edges) {
    if (removed.has(edge.source) || !removed.has(edge.target)) continue;
    for (const target of exits(graph, types, removed, edge.target)) {
      const candidate = { source: edge.source, port: edge.port, target };
      const all = [...kept, ...healed];
      const known = all.some((e) => e.source === edge.source && e.port === edge.port && e.target === target);
      const loops = target === edge.source || descendants({ edges: all }, target).has(edge.source);
      if (!known && !loops) healed.push(candidate);
    }
  }
  return healed;
}

/** Kept steps that a run inside `removed`, standing at `start`, would come out at. */
function exits(graph: GraphJson, types: Types, removed: ReadonlySet<string>, start: string): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const target of onward(graph, types, at)) {
      if (removed.has(target)) open.push(target);
      else found.add(target);
    }
  }
  return found;
}

function onward(graph: GraphJson, types: Types, id: string): string[] {
  const out = graph.edges.filter((edge) => edge.source === id);
  const ports = new Set(out.map((edge) => edge.port));
  const node = graph.nodes.find((n) => n.id === id);
  const way = ports.size <= 1 || !node ? [...ports][0] : mainPort(node, types);
  return out.filter((edge) => edge.port === way).map((edge) => edge.target);
}
