// Dragging from the palette by pointer events: mouse, pen and touch are one path; Esc and pointercancel end it.
import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef, useState } from "react";
import { useReactFlow } from "@xyflow/react";
import { useLingui } from "@lingui/react/macro";
import { NODE_WIDTH } from "../graph/geometry";
import { dropAt, newHeight } from "../graph/landing";
import { edgeId, type NodeType, type Position } from "../graph/types";
import { useBuilder } from "./builder";
import { useAdd } from "./useAdd";
import { NO_TARGET, useView } from "./view";

const THRESHOLD = 6;

export interface DragGhost extends Position {
  type: NodeType;
}

export function usePaletteDrag() {
  const { t } = useLingui();
  const { doc, types, commands } = useBuilder();
  const { screenToFlowPosition } = useReactFlow();
  const add = useAdd();
  const { aim, select, open, say } = useView.getState();
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
        aim(NO_TARGET);
      };
      const under = (x: number, y: number) => {
        const canvas = document.querySelector(".canvas-pane")?.getBoundingClientRect();
        const covered = document.elementFromPoint(x, y)?.closest("[data-canvas-panel]");
        if (!canvas || covered || x < canvas.left || x > canvas.right || y < canvas.top || y > canvas.bottom)
          return null;
        return dropAt(doc.toJSON(), types, type, screenToFlowPosition({ x, y }));
      };
      const onMove = (move: PointerEvent) => {
        if (move.pointerId !== pointer) return;
        dragging ||= Math.hypot(move.clientX - from.x, move.clientY - from.y) > THRESHOLD;
        if (!dragging) return;
        const spot = under(move.clientX, move.clientY);
        const free = spot && !spot.on && !spot.onto;
        aim({
          edge: spot?.on ? edgeId(spot.on) : null,
          node: spot?.onto?.id ?? null,
          after: spot?.after ?? null,
          place: free ? { ...spot.at, width: NODE_WIDTH, height: newHeight(type) } : null,
        });
        setGhost({ type, x: move.clientX, y: move.clientY });
      };
      const onUp = (up: PointerEvent) => {
        if (up.pointerId !== pointer) return;
        const spot = dragging ? under(up.clientX, up.clientY) : null;
        if (dragging) swallowClick();
        end();
        if (!spot) return;
        if (spot.onto) {
          const id = commands.replace(spot.onto.id, type);
          if (id === null) return;
          select([id]);
          open(id);
          say(t`Replaced by: ${{ name: type.title }}`, true);
          return;
        }
        add(type, { ...(spot.on && { on: spot.on }), ...(spot.after && { after: spot.after }) }, spot.at);
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
    [doc, types, commands, screenToFlowPosition, add, aim, select, open, say, t],
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
