/** Sizes and places on the canvas, in canvas units (pixels at zoom 1). No view library in here. */

import { portsOf } from "./ports";
import type { EdgeJson, GraphJson, NodeJson, Position, Types } from "./types";

export const NODE_WIDTH = 264;
export const HEAD_HEIGHT = 76;
export const PORT_HEIGHT = 28;
export const PORTS_PADDING = 8;
export const GAP_X = 88;
export const GAP_Y = 40;
export const GRID = 8;

export interface Rect extends Position {
  width: number;
  height: number;
}

export function nodeHeight(portCount: number): number {
  return portCount > 1 ? HEAD_HEIGHT + portCount * PORT_HEIGHT + PORTS_PADDING : HEAD_HEIGHT;
}

/** Middle of the handle of port `index`, from the node's top edge. */
export function portY(index: number, portCount: number): number {
  return portCount > 1 ? HEAD_HEIGHT + index * PORT_HEIGHT + PORT_HEIGHT / 2 : HEAD_HEIGHT / 2;
}

export function rectOf(node: NodeJson, types: Types): Rect {
  const count = portsOf(node, types.get(node.type)).length;
  return { ...node.position, width: NODE_WIDTH, height: nodeHeight(count) };
}

export function snap(position: Position): Position {
  return { x: Math.round(position.x / GRID) * GRID, y: Math.round(position.y / GRID) * GRID };
}

export function overlaps(a: Rect, b: Rect, margin = 0): boolean {
  return (
    a.x < b.x + b.width + margin &&
    b.x < a.x + a.width + margin &&
    a.y < b.y + b.height + margin &&
    b.y < a.y + a.height + margin
  );
}

export function contains(rect: Rect, point: Position): boolean {
  return (
    point.x >= rect.x &&
    point.x <= rect.x + rect.width &&
    point.y >= rect.y &&
    point.y <= rect.y + rect.height
  );
}

/** The nearest place straight below (then above) the wished one where a step stands free. */
export function freePlace(wish: Position, height: number, others: Rect[]): Position {
  const fits = (y: number) =>
    !others.some((other) => overlaps({ x: wish.x, y, width: NODE_WIDTH, height }, other, GRID));
  for (let step = 0; step < 400; step++) {
    const down = wish.y + step * GRID * 2;
    if (fits(down)) return snap({ x: wish.x, y: down });
  }
  return snap(wish);
}

/** Where the step after `port` of `node` goes when nothing else is said. */
export function placeAfter(graph: GraphJson, types: Types, node: NodeJson, port: string): Position {
  const ports = portsOf(node, types.get(node.type));
  const index = Math.max(
    0,
    ports.findIndex((p) => p.id === port),
  );
  const spread = ports.length > 1 ? (index - (ports.length - 1) / 2) * (HEAD_HEIGHT + GAP_Y) : 0;
  const wish = {
    x: node.position.x + NODE_WIDTH + GAP_X,
    y: node.position.y + nodeHeight(ports.length) / 2 - HEAD_HEIGHT / 2 + spread,
  };
  return freePlace(
    wish,
    HEAD_HEIGHT,
    graph.nodes.map((other) => rectOf(other, types)),
  );
}

export interface Ends {
  from: Position;
  to: Position;
}

export function endsOf(graph: GraphJson, types: Types, edge: EdgeJson): Ends | null {
  const source = graph.nodes.find((node) => node.id === edge.source);
  const target = graph.nodes.find((node) => node.id === edge.target);
  if (!source || !target) return null;
  const ports = portsOf(source, types.get(source.type));
  const index = Math.max(
    0,
    ports.findIndex((port) => port.id === edge.port),
  );
  return {
    from: { x: source.position.x + NODE_WIDTH, y: source.position.y + portY(index, ports.length) },
    to: { x: target.position.x, y: target.position.y + HEAD_HEIGHT / 2 },
  };
}

/** A point of the drawn curve, `t` from 0 to 1: the same cubic curve the canvas draws. */
export function curvePoint({ from, to }: Ends, t: number): Position {
  const pull = Math.max(Math.abs(to.x - from.x) / 2, 25);
  const s = 1 - t;
  const at = (a: number, b: number, c: number, d: number) =>
    s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
  return { x: at(from.x, from.x + pull, to.x - pull, to.x), y: at(from.y, from.y, to.y, to.y) };
}

/** The wire under a point, when one passes within `reach` of it: dropping there inserts. */
export function edgeAt(graph: GraphJson, types: Types, point: Position, reach = 36): EdgeJson | null {
  let best: EdgeJson | null = null;
  let distance = reach;
  for (const edge of graph.edges) {
    const ends = endsOf(graph, types, edge);
    if (!ends) continue;
    for (let i = 0; i <= 24; i++) {
      const at = curvePoint(ends, i / 24);
      const d = Math.hypot(at.x - point.x, at.y - point.y);
      if (d < distance) {
        best = edge;
        distance = d;
      }
    }
  }
  return best;
}

export function nodeAt(graph: GraphJson, types: Types, point: Position): NodeJson | null {
  return graph.nodes.findLast((node) => contains(rectOf(node, types), point)) ?? null;
}

export function bounds(rects: Rect[]): Rect {
  if (rects.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const x = Math.min(...rects.map((r) => r.x));
  const y = Math.min(...rects.map((r) => r.y));
  return {
    x,
    y,
    width: Math.max(...rects.map((r) => r.x + r.width)) - x,
    height: Math.max(...rects.map((r) => r.y + r.height)) - y,
  };
}
