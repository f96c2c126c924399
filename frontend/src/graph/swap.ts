/** Changing the order of a plain chain: who may change places with whom. */

import { acceptsInput, portsOf } from "./ports";
import type { EdgeJson, GraphJson, NodeJson, Types } from "./types";

/** The step right before and right after `id` in a chain where each has one way in and one way out. */
export function neighbours(
  graph: GraphJson,
  types: Types,
  id: string,
): { before: string | null; after: string | null } {
  const node = graph.nodes.find((one) => one.id === id);
  if (!node || !isPlain(graph, types, node)) return { before: null, after: null };
  const plain = (other: string | undefined) => {
    const found = graph.nodes.find((one) => one.id === other);
    return found && isPlain(graph, types, found) ? found.id : null;
  };
  return {
    before: plain(graph.edges.find((edge) => edge.target === id)?.source),
    after: plain(graph.edges.find((edge) => edge.source === id)?.target),
  };
}

function isPlain(graph: GraphJson, types: Types, node: NodeJson): boolean {
  const into = graph.edges.filter((edge) => edge.target === node.id);
  const out = graph.edges.filter((edge) => edge.source === node.id);
  const oneWay = portsOf(node, types.get(node.type)).length === 1;
  return acceptsInput(node, types) && oneWay && into.length === 1 && out.length <= 1;
}

/** The wires after `first` and `second` (right behind each other) changed places. */
export function swapped(edges: readonly EdgeJson[], first: string, second: string): EdgeJson[] {
  const other = (id: string) => (id === first ? second : id === second ? first : id);
  return edges.map((edge) => ({ ...edge, source: other(edge.source), target: other(edge.target) }));
}
