// Dragging from the palette by pointer events: mouse, pen and touch are one path; Esc and pointercancel end it.
import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef, useState } from "react";
import { useReactFlow } from "@xyflow/react";
import { edgeAt, HEAD_HEIGHT, nodeAt, NODE_WIDTH } from "../graph/geometry";
import { edgeId, type NodeType, type Position } from "../graph/types";
import { useBuilder } from "./builder";
import { useAdd } from "./useAdd";
import { useView } from "./view";

const THRESHOLD = 6;

export interface DragGhost extends Position {
  type: NodeType;
}

export function usePaletteDrag() {
  const { doc, types, commands } = useBuilder();
  const { screenToFlowPosition } = useReactFlow();
  const add = useAdd();
  const aim = useView((view) => view.aim);
  const [ghost, setGhost] = useState<DragGhost | null>(null);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const start = useCallback(
    (event: ReactPointerEvent<HTMLElement>, type: NodeType) => {
      if (event.button !== 0 || stop.current) return;
      const from = { x: event.clientX, y: event.clientY };
      const pointer = event.pointerId;
      // Touch captures the pointer at once; released, the move events tell what is under the finger.
      if (event.currentTarget.hasPointerCapture(pointer)) event.currentTarget.releasePointerCapture(pointer);
      let dragging = false;

      const end = () => {
        stop.current = null;
        window.removeEventListener("pointermove", onMove);
        window.removeEventListener("pointerup", onUp);
        window.removeEventListener("pointercancel", end);
        window.removeEventListener("keydown", onKey, true);
        setGhost(null);
        aim(null, null);
      };
      const under = (x: number, y: number) => {
        const canvas = document.querySelector(".canvas-pane")?.getBoundingClientRect();
        const covered = document.elementFromPoint(x, y)?.closest("[data-canvas-panel]");
        if (!canvas || covered || x < canvas.left || x > canvas.right || y < canvas.top || y > canvas.bottom)
          return null;
        const at = screenToFlowPosition({ x, y });
        const graph = doc.toJSON();
        const node = nodeAt(graph, types, at);
        const edge = node || type.kind === "TRIGGER" ? null : edgeAt(graph, types, at);
        return { at, node, edge };
      };
      const onMove = (move: PointerEvent) => {
        if (move.pointerId !== pointer) return;
        dragging ||= Math.hypot(move.clientX - from.x, move.clientY - from.y) > THRESHOLD;
        if (!dragging) return;
        const spot = under(move.clientX, move.clientY);
        aim(spot?.edge ? edgeId(spot.edge) : null, spot?.node?.id ?? null);
        setGhost({ type, x: move.clientX, y: move.clientY });
      };
      const onUp = (up: PointerEvent) => {
        if (up.pointerId !== pointer) return;
        const spot = dragging ? under(up.clientX, up.clientY) : null;
        if (dragging) swallowClick();
        end();
        if (!spot) return;
        if (spot.node) {
          commands.replace(spot.node.id, type);
          return;
        }
        const at = { x: spot.at.x - NODE_WIDTH / 2, y: spot.at.y - HEAD_HEIGHT / 2 };
        add(type, spot.edge ? { on: spot.edge } : {}, at);
      };
      const onKey = (key: KeyboardEvent) => {
        if (key.code !== "Escape") return;
        key.stopPropagation();
        end();
      };
      window.addEventListener("pointermove", onMove);
      window.addEventListener("pointerup", onUp);
      window.addEventListener("pointercancel", end);
      window.addEventListener("keydown", onKey, true);
      stop.current = end;
    },
    [doc, types, commands, screenToFlowPosition, add, aim],
  );
  return { start, ghost };
}

/** The click that follows a drag must not add the step a second time. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}
