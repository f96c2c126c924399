/** Tidy up: steps in columns from left to right, branches in the order a person stacked them. Loads dagre lazily. */

import { GAP_X, GAP_Y, rectOf, snap } from "./geometry";
import { portsOf } from "./ports";
import type { EdgeJson, GraphJson, NodeJson, Position, Types } from "./types";

/**
 * New places for `only` (or every step). The first step stays where it is, so the page does not jump; steps that
 * no wire touches are left alone.
 */
export async function tidy(
  graph: GraphJson,
  types: Types,
  only?: ReadonlySet<string>,
): Promise<Map<string, Position>> {
  const { default: dagre } = await import("@dagrejs/dagre");
  const chosen = graph.nodes.filter((node) => !only || only.has(node.id));
  const wired = chosen.filter((node) =>
    graph.edges.some((e) => e.source === node.id || e.target === node.id),
  );
  if (wired.length === 0) return new Map();
  const ids = new Set(wired.map((node) => node.id));
  const plan = new dagre.graphlib.Graph();
  plan.setGraph({ rankdir: "LR", ranksep: GAP_X, nodesep: GAP_Y, edgesep: GAP_Y / 2 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const node of byPlace(wired)) {
    const { width, height } = rectOf(node, types);
    plan.setNode(node.id, { width, height });
  }
  for (const edge of byPort(graph, types)) {
    if (ids.has(edge.source) && ids.has(edge.target)) plan.setEdge(edge.source, edge.target);
  }
  dagre.layout(plan);
  const places = new Map(wired.map((node) => [node.id, plan.node(node.id) as Placed]));
  if (upsideDown(byPort(graph, types), places)) places.forEach((place) => (place.y = -place.y));
  return anchored(wired, new Map([...places].map(([id, place]) => [id, topLeft(place)])));
}

/** A mirrored plan has as few crossings; take the one where the first way out (yes) runs above the second (no). */
function upsideDown(edges: EdgeJson[], places: ReadonlyMap<string, Placed>): boolean {
  let balance = 0;
  edges.forEach((a, i) => {
    for (const b of edges.slice(i + 1)) {
      if (b.source !== a.source || b.port === a.port) continue;
      balance += Math.sign((places.get(b.target)?.y ?? 0) - (places.get(a.target)?.y ?? 0));
    }
  });
  return balance < 0;
}

interface Placed {
  x: number;
  y: number;
  width: number;
  height: number;
}

function topLeft({ x, y, width, height }: Placed): Position {
  return { x: x - width / 2, y: y - height / 2 };
}

/** The order a person gave: dagre starts from it, so branches keep their places where it can. */
function byPlace(nodes: NodeJson[]): NodeJson[] {
  return [...nodes].sort((a, b) => a.position.x - b.position.x || a.position.y - b.position.y);
}

function byPort(graph: GraphJson, types: Types) {
  const rank = new Map<string, number>();
  for (const node of graph.nodes) {
    portsOf(node, types.get(node.type)).forEach((port, i) => rank.set(`${node.id}:${port.id}`, i));
  }
  const at = (edge: { source: string; port: string }) => rank.get(`${edge.source}:${edge.port}`) ?? 0;
  return [...graph.edges].sort((a, b) => at(a) - at(b));
}

/** Shift the plan so that its leftmost step keeps the place it had. */
function anchored(nodes: NodeJson[], plan: Map<string, Position>): Map<string, Position> {
  const first = byPlace(nodes)[0];
  const planned = first && plan.get(first.id);
  if (!planned) return plan;
  const dx = first.position.x - planned.x;
  const dy = first.position.y - planned.y;
  return new Map([...plan].map(([id, at]) => [id, snap({ x: at.x + dx, y: at.y + dy })]));
}
