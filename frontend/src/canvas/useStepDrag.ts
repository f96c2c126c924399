// Dragging steps that are already there: they follow the hand outside the document, and land as one gesture.
import { useCallback, useRef, useState } from "react";
import { NODE_WIDTH, rectOf, snap } from "../graph/geometry";
import { freeShift, settleAt } from "../graph/landing";
import { edgeId, type Position } from "../graph/types";
import { useBuilder } from "./builder";
import type { StepFlow } from "./toFlow";
import { NO_TARGET, useView } from "./view";

const NOWHERE: ReadonlyMap<string, Position> = new Map();

export function useStepDrag() {
  const { doc, types, commands } = useBuilder();
  const aim = useView((view) => view.aim);
  const [moving, setMoving] = useState(NOWHERE);
  const dragging = useRef(false);

  /** Where the steps come to stand, and what the single one is connected to. */
  const landing = useCallback(
    (moved: StepFlow[]) => {
      const graph = doc.toJSON();
      const wish = new Map(moved.map((node) => [node.id, snap(node.position)]));
      const rects = graph.nodes.map((node) => ({ id: node.id, ...rectOf(node, types) }));
      const mine = rects.flatMap((rect) => {
        const to = wish.get(rect.id);
        return to ? [{ ...rect, ...to }] : [];
      });
      const only = mine.length === 1 ? mine[0] : undefined;
      const { on, after } = only ? settleAt(graph, types, only.id, only) : { on: null, after: null };
      const shift = on
        ? { x: 0, y: 0 }
        : freeShift(
            mine,
            rects.filter((rect) => !wish.has(rect.id)),
          );
      const places = new Map([...wish].map(([id, at]) => [id, { x: at.x + shift.x, y: at.y + shift.y }]));
      const place = only && { ...only, ...places.get(only.id) };
      return { places, on, after, place, shifted: shift.x !== 0 || shift.y !== 0 };
    },
    [doc, types],
  );

  const onDragStart = useCallback(() => {
    dragging.current = true;
  }, []);
  const onDrag = useCallback(
    (moved: StepFlow[]) => {
      const { on, after, place, shifted } = landing(moved);
      const shown = place && (shifted || after) ? { ...place, width: NODE_WIDTH } : null;
      aim({ edge: on ? edgeId(on) : null, node: null, after, place: shown });
    },
    [landing, aim],
  );
  const onDragStop = useCallback(
    (moved: StepFlow[]) => {
      const { places, on, after } = landing(moved);
      dragging.current = false;
      aim(NO_TARGET);
      commands.settle(places, { ...(on && { on }), ...(after && { after }) });
      setMoving(NOWHERE);
    },
    [landing, aim, commands],
  );
  const follow = useCallback((places: ReadonlyMap<string, Position>) => {
    setMoving((old) => new Map([...old, ...places]));
  }, []);
  const isDragging = useCallback(() => dragging.current, []);
  return { moving, onDragStart, onDrag, onDragStop, follow, isDragging };
}
