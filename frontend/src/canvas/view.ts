// What is looked at, not what is built: selection, the open step, the palette at a spot. Never in the document or its history.
import { create } from "zustand";
import type { Landing } from "../graph/commands";
import type { Position } from "../graph/types";

/** The palette opened at a spot of the screen (pixels of the window). */
export interface Adding extends Position {
  landing: Landing;
  /** Where on the canvas the step goes; null: a free place is found. */
  at: Position | null;
}

export type Side = "problems" | "versions" | "runs";

interface View {
  mode: "canvas" | "list";
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  opened: string | null;
  adding: Adding | null;
  /** Where a dragged palette entry or step would land. */
  target: { edge: string | null; node: string | null };
  minimap: boolean;
  palette: boolean;
  side: Side | null;
  hint: { id: number; text: string; undo: boolean } | null;
  setMode: (mode: View["mode"]) => void;
  select: (nodes: Iterable<string>, edges?: Iterable<string>) => void;
  open: (id: string | null) => void;
  add: (adding: Adding | null) => void;
  aim: (edge: string | null, node: string | null) => void;
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
  target: { edge: null, node: null },
  minimap: true,
  palette: true,
  side: null,
  hint: null,
  setMode: (mode) => set({ mode, adding: null }),
  select: (nodes, edges = []) => set({ nodes: new Set(nodes), edges: new Set(edges) }),
  open: (opened) => set({ opened }),
  add: (adding) => set({ adding }),
  aim: (edge, node) =>
    set(({ target }) => (target.edge === edge && target.node === node ? {} : { target: { edge, node } })),
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
      target: { edge: null, node: null },
      side: null,
      hint: null,
      palette: window.innerWidth > 900,
    }),
}));
