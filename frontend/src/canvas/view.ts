// What is looked at, not what is built: selection, the open step, the palette at a spot. Never in the document or its history.
import { create } from "zustand";
import type { Landing } from "../graph/commands";
import type { Rect } from "../graph/geometry";
import type { Way } from "../graph/landing";
import type { Position } from "../graph/types";

/** The palette opened at a spot of the screen (pixels of the window). */
export interface Adding extends Position {
  landing: Landing;
  /** Where on the canvas the step goes; null: a free place is found. */
  at: Position | null;
}

/** What a dragged step would do if it were dropped now. */
export interface Target {
  /** The wire it would go into. */
  edge: string | null;
  /** The step it would replace. */
  node: string | null;
  /** The way out it would be connected to. */
  after: Way | null;
  /** Where it would stand. */
  place: Rect | null;
}

export const NO_TARGET: Target = { edge: null, node: null, after: null, place: null };

export type Side = "problems" | "versions" | "runs" | "settings";

interface View {
  mode: "canvas" | "list";
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  opened: string | null;
  adding: Adding | null;
  /** Where a dragged palette entry or step would land. */
  target: Target;
  minimap: boolean;
  palette: boolean;
  side: Side | null;
  hint: { id: number; text: string; undo: boolean } | null;
  setMode: (mode: View["mode"]) => void;
  select: (nodes: Iterable<string>, edges?: Iterable<string>) => void;
  open: (id: string | null) => void;
  add: (adding: Adding | null) => void;
  aim: (target: Target) => void;
  toggleMinimap: () => void;
  togglePalette: () => void;
  setSide: (side: Side | null) => void;
  /** One short line at the foot of the canvas; `undo` offers the way back. */
  say: (text: string, undo?: boolean) => void;
  hush: (id: number) => void;
  reset: () => void;
}

const NOTHING: ReadonlySet<string> = new Set();
let hints = 0;

export function narrowScreen(): boolean {
  return window.innerWidth < 700;
}

export const useView = create<View>((set) => ({
  mode: "canvas",
  nodes: NOTHING,
  edges: NOTHING,
  opened: null,
  adding: null,
  target: NO_TARGET,
  minimap: true,
  palette: true,
  side: null,
  hint: null,
  setMode: (mode) => set({ mode, adding: null }),
  select: (nodes, edges = []) => set({ nodes: new Set(nodes), edges: new Set(edges) }),
  open: (opened) => set({ opened }),
  add: (adding) => set({ adding }),
  aim: (next) => set(({ target }) => (sameTarget(target, next) ? {} : { target: next })),
  toggleMinimap: () => set(({ minimap }) => ({ minimap: !minimap })),
  togglePalette: () => set(({ palette }) => ({ palette: !palette })),
  setSide: (side) => set({ side }),
  say: (text, undo = false) => set({ hint: { id: ++hints, text, undo } }),
  hush: (id) => set(({ hint }) => (hint?.id === id ? { hint: null } : {})),
  reset: () =>
    set({
      mode: narrowScreen() ? "list" : "canvas",
      nodes: NOTHING,
      edges: NOTHING,
      opened: null,
      adding: null,
      target: NO_TARGET,
      side: null,
      hint: null,
      palette: window.innerWidth > 900,
    }),
}));

function sameTarget(a: Target, b: Target): boolean {
  return (
    a.edge === b.edge &&
    a.node === b.node &&
    a.after?.source === b.after?.source &&
    a.after?.port === b.after?.port &&
    a.place?.x === b.place?.x &&
    a.place?.y === b.place?.y
  );
}
