// Adding a step, however it was asked for: dragged, clicked, "+", "/", the list. It lands connected and opens.
import { useCallback } from "react";
import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { useLingui } from "@lingui/react/macro";
import type { Landing } from "../graph/commands";
import {
  curvePoint,
  endsOf,
  freePlace,
  GAP_X,
  HEAD_HEIGHT,
  NODE_WIDTH,
  placeAfter,
  rectOf,
} from "../graph/geometry";
import { freeSpot, newHeight } from "../graph/landing";
import { portsOf } from "../graph/ports";
import { reachedFromTriggers } from "../graph/reach";
import type { GraphJson, NodeType, Position, Types } from "../graph/types";
import { useBuilder } from "./builder";
import { useView } from "./view";

export function useAdd() {
  const { t } = useLingui();
  const { commands, doc, types } = useBuilder();
  const flow = useReactFlow();
  const select = useView((view) => view.select);
  const open = useView((view) => view.open);
  const say = useView((view) => view.say);
  return useCallback(
    (type: NodeType, landing: Landing, at: Position | null) => {
      const graph = doc.toJSON();
      const real = type.kind === "TRIGGER" ? {} : landing;
      const id = commands.addNode(
        type,
        spot(graph, types, type, real, at ?? (graph.nodes.length === 0 ? beginning(flow) : null)),
        real,
      );
      select([id]);
      open(id);
      say(t`Added: ${{ name: type.title }}`, true);
      return id;
    },
    [commands, doc, types, flow, select, open, say, t],
  );
}

/** The first step of a scenario: left of the middle of what is seen, with room for what follows. */
function beginning(flow: ReactFlowInstance): Position | null {
  const pane = document.querySelector(".canvas-pane")?.getBoundingClientRect();
  if (!pane) return null;
  const at = flow.screenToFlowPosition({ x: pane.left + 48, y: pane.top + pane.height * 0.4 });
  return { x: at.x, y: at.y - HEAD_HEIGHT / 2 };
}

/** Where a step goes: in the middle of its wire, behind its port, or the free place nearest to the wish. */
function spot(
  graph: GraphJson,
  types: Types,
  type: NodeType,
  landing: Landing,
  at: Position | null,
): Position {
  if (landing.on) {
    const ends = endsOf(graph, types, landing.on);
    const room = ends && ends.to.x - ends.from.x >= NODE_WIDTH + GAP_X;
    const middle = ends && curvePoint(ends, 0.5);
    if (ends && middle && room) return { x: middle.x - NODE_WIDTH / 2, y: middle.y - HEAD_HEIGHT / 2 };
    if (ends) return { x: ends.from.x + GAP_X, y: ends.to.y - HEAD_HEIGHT / 2 };
  }
  if (at)
    return freeSpot(
      { ...at, width: NODE_WIDTH, height: newHeight(type) },
      graph.nodes.map((node) => rectOf(node, types)),
    );
  const before = landing.after && graph.nodes.find((node) => node.id === landing.after?.source);
  if (before && landing.after) return placeAfter(graph, types, before, landing.after.port);
  const rects = graph.nodes.map((node) => rectOf(node, types));
  const left = Math.min(...rects.map((rect) => rect.x), Infinity);
  return freePlace({ x: Number.isFinite(left) ? left : 0, y: rects[0]?.y ?? 0 }, HEAD_HEIGHT, rects);
}

/** Where a clicked palette entry belongs: behind the selected step, else behind the only open end. */
export function likelyLanding(graph: GraphJson, types: Types, selected: ReadonlySet<string>): Landing {
  const wired = new Set(graph.edges.map((edge) => `${edge.source}:${edge.port}`));
  const openPort = (id: string) => {
    const node = graph.nodes.find((one) => one.id === id);
    const ports = node ? portsOf(node, types.get(node.type)) : [];
    return (ports.find((port) => !wired.has(`${id}:${port.id}`)) ?? ports[0])?.id;
  };
  const only = selected.size === 1 ? [...selected][0] : undefined;
  if (only !== undefined) {
    const port = openPort(only);
    return port === undefined ? {} : { after: { source: only, port } };
  }
  const reached = reachedFromTriggers(graph, types);
  const ends = graph.nodes.flatMap((node) =>
    reached.has(node.id)
      ? portsOf(node, types.get(node.type))
          .filter((port) => !wired.has(`${node.id}:${port.id}`))
          .map((port) => ({ source: node.id, port: port.id }))
      : [],
  );
  return ends.length === 1 && ends[0] ? { after: ends[0] } : {};
}
