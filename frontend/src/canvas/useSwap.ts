// Reordering in the list: two neighbours of a plain chain change places; wires around them stay in shape.
import type { NodeJson } from "../graph/types";
import { neighbours } from "../graph/swap";
import type { Via } from "../graph/outline";
import { useBuilder } from "./builder";

export function useSwap(
  node: NodeJson,
  via: Via | null,
): { up: (() => void) | null; down: (() => void) | null } {
  const { graph, types, commands } = useBuilder();
  const { before, after } = neighbours(graph, types, node.id);
  return {
    up: before !== null && via ? () => commands.swap(before, node.id) : null,
    down: after === null ? null : () => commands.swap(node.id, after),
  };
}
