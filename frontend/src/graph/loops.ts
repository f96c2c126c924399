/** The bodies of loops: what follows the way "for each item" and no other way out of the loop. */

import { bounds, type Rect, rectOf } from "./geometry";
import type { GraphJson, Types } from "./types";

export const LOOP_TYPE = "flow.loop";
const ITEM_PORT = "item";
const ROOM = { side: 28, top: 44, bottom: 28 };

/** Loop -> the steps done for each item. Loops inside a body belong to it, with their bodies. */
export function loopBodies(graph: Pick<GraphJson, "nodes" | "edges">): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const next = new Map<string, string[]>();
  for (const edge of graph.edges) next.set(edge.source, [...(next.get(edge.source) ?? []), edge.target]);
  for (const node of graph.nodes) {
    if (node.type !== LOOP_TYPE) continue;
    const out = graph.edges.filter((edge) => edge.source === node.id);
    const inner = after(
      out.filter((edge) => edge.port === ITEM_PORT).map((edge) => edge.target),
      next,
    );
    const outer = after(
      out.filter((edge) => edge.port !== ITEM_PORT).map((edge) => edge.target),
      next,
    );
    found.set(node.id, new Set([...inner].filter((id) => !outer.has(id) && id !== node.id)));
  }
  return found;
}

function after(starts: string[], next: ReadonlyMap<string, string[]>): Set<string> {
  const seen = new Set<string>();
  const open = [...starts];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(next.get(at) ?? []));
  }
  return seen;
}

export interface LoopFrame {
  loop: string;
  rect: Rect;
}

/** A soft frame around each body, with room for its caption; outer frames first. */
export function loopFrames(graph: GraphJson, types: Types): LoopFrame[] {
  const frames: LoopFrame[] = [];
  for (const [loop, body] of loopBodies(graph)) {
    if (body.size === 0) continue;
    const deep = [...body].filter((id) =>
      graph.nodes.some((node) => node.id === id && node.type === LOOP_TYPE),
    );
    const extra = deep.length * 12;
    const box = bounds(graph.nodes.filter((node) => body.has(node.id)).map((node) => rectOf(node, types)));
    frames.push({
      loop,
      rect: {
        x: box.x - ROOM.side - extra,
        y: box.y - ROOM.top - extra * 2,
        width: box.width + 2 * (ROOM.side + extra),
        height: box.height + ROOM.top + ROOM.bottom + extra * 3,
      },
    });
  }
  return frames.sort((a, b) => b.rect.width * b.rect.height - a.rect.width * a.rect.height);
}
