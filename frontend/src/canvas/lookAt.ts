// What part of the paper is seen: at the beginning, and when a step must come into sight.
import type { ReactFlowInstance } from "@xyflow/react";
import { HEAD_HEIGHT, rectOf } from "../graph/geometry";
import type { GraphJson, NodeJson, Types } from "../graph/types";
import type { StepFlow, WireFlow } from "./toFlow";

const CLOSEST_FIT = 1;
const FARTHEST_FIT = 0.4;
const MARGIN = 24;
/** Room a step needs beyond its edge: its "+". */
const PLUS = 32;
/** Tools at the foot of the canvas. */
const FOOT = 64;

type Flow = ReactFlowInstance<StepFlow, WireFlow>;

/** Move the paper only as far as needed to see a step whole; not at all when it is seen. */
export function reveal(flow: Flow, graph: GraphJson, types: Types, id: string): void {
  const node = graph.nodes.find((one) => one.id === id);
  const pane = document.querySelector(".canvas-pane")?.getBoundingClientRect();
  if (!node || !pane) return;
  const rect = rectOf(node, types);
  const { x, y, zoom } = flow.getViewport();
  const dx = into(rect.x * zoom + x, (rect.width + PLUS) * zoom, pane.width);
  const dy = into(rect.y * zoom + y, rect.height * zoom, pane.height - FOOT);
  if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 180 });
}

function into(at: number, size: number, room: number): number {
  if (at >= 0 && at + size <= room) return 0;
  const last = Math.max(MARGIN, room - MARGIN - size);
  return Math.min(Math.max(at, MARGIN), last) - at;
}

/** Everything when it stays readable; else the beginning, at a size one can read. */
export async function startView(flow: Flow, nodes: NodeJson[]): Promise<void> {
  if (nodes.length === 0) return;
  await flow.fitView({ padding: 0.16, maxZoom: CLOSEST_FIT, minZoom: FARTHEST_FIT });
  if (flow.getZoom() > FARTHEST_FIT + 0.01) return;
  const start = nodes.reduce((a, b) => (b.position.x < a.position.x ? b : a));
  const height = document.querySelector(".canvas-pane")?.clientHeight ?? 400;
  const zoom = 0.8;
  await flow.setViewport({
    x: MARGIN - start.position.x * zoom,
    y: height / 2 - (start.position.y + HEAD_HEIGHT / 2) * zoom,
    zoom,
  });
}
