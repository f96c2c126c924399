// Keys of the builder, by place on the keyboard; copy and paste through the system clipboard, as text.
import { useEffect, useMemo, useRef } from "react";
import { useReactFlow } from "@xyflow/react";
import { msg } from "@lingui/core/macro";
import { isTyping, type Shortcut, useShortcuts } from "../ui/keys";
import type { Position } from "../graph/types";
import type { Actions } from "./useActions";
import { useView } from "./view";

const TITLE = msg`Builder`;

export interface CanvasView {
  zoomIn: () => void;
  zoomOut: () => void;
  fit: () => void;
  /** The middle of what is seen, on the canvas; null while there is no canvas. */
  spot: () => Position | null;
}

export function useCanvasView(): CanvasView {
  const flow = useReactFlow();
  return useMemo(
    () => ({
      zoomIn: () => void flow.zoomIn({ duration: 120 }),
      zoomOut: () => void flow.zoomOut({ duration: 120 }),
      fit: () => void flow.fitView({ padding: 0.16, maxZoom: 1, minZoom: 0.1, duration: 200 }),
      spot: () => {
        const box = document.querySelector(".canvas-pane")?.getBoundingClientRect();
        if (!box) return null;
        return flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
      },
    }),
    [flow],
  );
}

export function useCanvasKeys(actions: Actions, canvas: CanvasView): void {
  const edit: Shortcut[] = [
    { codes: ["KeyZ"], mod: true, label: msg`Undo`, run: actions.undo },
    { codes: ["KeyZ"], mod: true, shift: true, label: msg`Do again`, run: actions.redo },
    { codes: ["KeyY"], mod: true, label: msg`Do again`, run: actions.redo },
    { codes: ["Slash"], char: "/", label: msg`Add a step`, run: openAdd },
    { codes: ["KeyD"], mod: true, label: msg`Duplicate`, run: () => actions.duplicate() },
    { codes: ["Delete"], label: msg`Delete`, run: () => actions.remove() },
    { codes: ["Backspace"], label: msg`Delete`, run: () => actions.remove() },
    { codes: ["KeyE"], shift: true, label: msg`Switch steps off or on`, run: () => actions.toggleDisabled() },
    { codes: ["KeyT"], shift: true, label: msg`Tidy up`, run: () => void actions.tidyUp() },
  ];
  const look: Shortcut[] = [
    { codes: ["KeyA"], mod: true, label: msg`Select all`, run: actions.selectAll },
    { codes: ["Escape"], label: msg`Close the settings, clear the selection`, run: letGo, whileTyping: true },
    { codes: ["Equal"], mod: true, label: msg`Zoom in`, run: canvas.zoomIn },
    { codes: ["Minus"], mod: true, label: msg`Zoom out`, run: canvas.zoomOut },
    { codes: ["Digit1"], shift: true, label: msg`Show everything`, run: canvas.fit },
  ];
  useShortcuts(TITLE, actions.readOnly ? look : [...edit, ...look]);
  useClipboard(actions, canvas);
}

function openAdd(): void {
  const { nodes, add } = useView.getState();
  const only = nodes.size === 1 ? [...nodes][0] : undefined;
  const box =
    only === undefined
      ? null
      : document.querySelector(`[data-testid="node-${only}"]`)?.getBoundingClientRect();
  add({
    x: box ? box.right + 12 : window.innerWidth / 2 - 160,
    y: box ? box.top : window.innerHeight / 3,
    landing: {},
    at: null,
  });
}

function letGo(): void {
  // A dialog or the data picker closes first, by itself.
  if (document.querySelector('[role="dialog"]')) return;
  const { opened, open, select } = useView.getState();
  if (opened !== null) open(null);
  else select([]);
}

function useClipboard(actions: Actions, canvas: CanvasView): void {
  const latest = useRef({ actions, canvas });
  useEffect(() => {
    latest.current = { actions, canvas };
  });
  useEffect(() => {
    const busy = (event: Event) =>
      isTyping(event.target) || !!getSelection()?.toString() || !!document.querySelector('[role="dialog"]');
    const onCopy = (event: ClipboardEvent) => {
      const { actions: now } = latest.current;
      if (busy(event) || now.chosen().nodes.length === 0) return;
      event.clipboardData?.setData("text/plain", now.copied());
      event.preventDefault();
      if (event.type === "cut" && !now.readOnly) now.remove();
    };
    const onPaste = (event: ClipboardEvent) => {
      const { actions: now, canvas: view } = latest.current;
      if (busy(event) || now.readOnly) return;
      if (now.paste(event.clipboardData?.getData("text/plain") ?? "", view.spot())) event.preventDefault();
    };
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, []);
}
