/** Where a dropped step lands: on a step, in a wire, after a free way out, or on the nearest free place. */

import { defaultsOf } from "./defaults";
import {
  contains,
  edgeAt,
  GRID,
  HEAD_HEIGHT,
  NODE_WIDTH,
  nodeAt,
  nodeHeight,
  overlaps,
  portY,
  type Rect,
  rectOf,
  snap,
} from "./geometry";
import { acceptsInput, portsOf } from "./ports";
import { refusal } from "./reach";
import type { EdgeJson, GraphJson, NodeJson, NodeType, Position, Types } from "./types";

/** Empty paper kept around a step that had to give way. */
export const SPACE = 24;
/** How far to the right of a way out, and below a step, a drop still means "after this". */
const REACH = { overlap: 48, right: 200, updown: 112, below: 96 };
/** A wire nearly straight is made straight. */
const STRAIGHT = 20;
/** Neighbours farther than this never stand in the way of a nudge. */
const NEAR = 800;
const TRIED = 48;

export interface Way {
  source: string;
  port: string;
}

export interface Drop {
  /** The step that is replaced. */
  onto: NodeJson | null;
  /** The wire the step goes into. */
  on: EdgeJson | null;
  /** The free way out the step is connected to. */
  after: Way | null;
  /** Top-left corner of the new step. */
  at: Position;
}

/** What dropping a new step of `type` with its middle at `point` would do. */
export function dropAt(graph: GraphJson, types: Types, type: NodeType, point: Position): Drop {
  const size = { width: NODE_WIDTH, height: newHeight(type) };
  const wish = { x: point.x - NODE_WIDTH / 2, y: point.y - HEAD_HEIGHT / 2 };
  const none: Drop = { onto: null, on: null, after: null, at: wish };
  const under = nodeAt(graph, types, point);
  if (under && (type.kind !== "TRIGGER") === acceptsInput(under, types)) return { ...none, onto: under };
  if (type.kind !== "TRIGGER" && !under) {
    const on = edgeAt(graph, types, point);
    if (on) return { ...none, on };
  }
  const others = graph.nodes.map((node) => rectOf(node, types));
  const after = type.kind === "TRIGGER" || under ? null : nearestWay(graph, types, { ...wish, ...size });
  const straight = after ? straightened(graph, types, after, wish) : wish;
  return { ...none, after, at: freeSpot({ ...straight, ...size }, others) };
}

/** Height of a step of this type when it is born. */
export function newHeight(type: NodeType): number {
  return nodeHeight(portsOf({ params: defaultsOf(type.inputSchema) }, type).length);
}

/** The free way out a step standing at `rect` most likely follows, or null when none is near. */
export function nearestWay(graph: GraphJson, types: Types, rect: Rect, self?: string): Way | null {
  const taken = new Set(graph.edges.map((edge) => `${edge.source}:${edge.port}`));
  let best: Way | null = null;
  let least = Infinity;
  for (const node of graph.nodes) {
    if (node.id === self) continue;
    const from = rectOf(node, types);
    const ports = portsOf(node, types.get(node.type));
    ports.forEach((port, i) => {
      if (taken.has(`${node.id}:${port.id}`)) return;
      const way = { source: node.id, port: port.id };
      const cost = distance(from, portY(i, ports.length), rect);
      if (cost >= least) return;
      if (self !== undefined && refusal(graph, types, { ...way, target: self })) return;
      least = cost;
      best = way;
    });
  }
  return best;
}

/** How unlikely `rect` follows the way out at `y` of `from`; Infinity when it does not. */
function distance(from: Rect, y: number, rect: Rect): number {
  const right = rect.x - (from.x + from.width);
  const updown = Math.abs(rect.y + HEAD_HEIGHT / 2 - (from.y + y));
  if (right >= -REACH.overlap && right <= REACH.right && updown <= REACH.updown)
    return Math.abs(right) + updown;
  const down = rect.y - (from.y + from.height);
  const aside = Math.abs(rect.x - from.x);
  if (down >= 0 && down <= REACH.below && aside <= from.width / 2) return 100 + down + aside + y;
  return Infinity;
}

function straightened(graph: GraphJson, types: Types, way: Way, at: Position): Position {
  const source = graph.nodes.find((node) => node.id === way.source);
  if (!source) return at;
  const ports = portsOf(source, types.get(source.type));
  const index = ports.findIndex((port) => port.id === way.port);
  const y = source.position.y + portY(Math.max(0, index), ports.length) - HEAD_HEIGHT / 2;
  const beside = at.x >= source.position.x + NODE_WIDTH - REACH.overlap;
  return beside && Math.abs(y - at.y) <= STRAIGHT ? { x: at.x, y } : at;
}

/** The wish itself, or the nearest place where the step stands free. */
export function freeSpot(wish: Rect, others: Rect[]): Position {
  const at = snap(wish);
  const shift = freeShift([{ ...wish, ...at }], others);
  return { x: at.x + shift.x, y: at.y + shift.y };
}

/** The smallest move that frees a group of steps from all others; nothing when they stand free already. */
export function freeShift(moved: Rect[], others: Rect[]): Position {
  const stay = { x: 0, y: 0 };
  const near = others.filter((other) => moved.some((rect) => overlaps(rect, other, NEAR)));
  if (!moved.some((rect) => near.some((other) => overlaps(rect, other)))) return stay;
  const right = new Set([0]);
  const down = new Set([0]);
  for (const rect of moved) {
    for (const other of near) {
      right.add(outward(other.x + other.width + SPACE - rect.x));
      right.add(outward(other.x - SPACE - rect.width - rect.x));
      down.add(outward(other.y + other.height + SPACE - rect.y));
      down.add(outward(other.y - SPACE - rect.height - rect.y));
    }
  }
  const shifts = least(right).flatMap((x) => least(down).map((y) => ({ x, y })));
  shifts.sort((a, b) => Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y));
  const free = (shift: Position) =>
    !moved.some((rect) =>
      near.some((other) =>
        overlaps({ ...rect, x: rect.x + shift.x, y: rect.y + shift.y }, other, SPACE - GRID),
      ),
    );
  return shifts.find(free) ?? { x: 0, y: Math.max(...down) };
}

/** Onto the grid, away from what is in the way. */
function outward(by: number): number {
  return Math.sign(by) * Math.ceil(Math.abs(by) / GRID) * GRID;
}

function least(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => Math.abs(a) - Math.abs(b)).slice(0, TRIED);
}

/**
 * What letting go of an existing, unconnected step does: into the wire it lies on, or after the way out it was
 * brought to. A step that already lay beside that way out was left apart on purpose.
 */
export function settleAt(
  graph: GraphJson,
  types: Types,
  id: string,
  to: Position,
): { on: EdgeJson | null; after: Way | null } {
  const nothing = { on: null, after: null };
  const node = graph.nodes.find((one) => one.id === id);
  if (!node || !acceptsInput(node, types) || graph.edges.some((edge) => edge.target === id)) return nothing;
  const rect = { ...rectOf(node, types), ...to };
  const loose = !graph.edges.some((edge) => edge.source === id);
  const on = loose ? edgeAt(graph, types, { x: rect.x + NODE_WIDTH / 2, y: rect.y + HEAD_HEIGHT / 2 }) : null;
  if (on) return { on, after: null };
  const middle = { x: rect.x + NODE_WIDTH / 2, y: rect.y + HEAD_HEIGHT / 2 };
  const covered = graph.nodes.some((other) => other.id !== id && contains(rectOf(other, types), middle));
  const after = covered ? null : nearestWay(graph, types, rect, id);
  const before = nearestWay(graph, types, rectOf(node, types), id);
  const same = before?.source === after?.source && before?.port === after?.port;
  return { on: null, after: same ? null : after };
}
