// What the command palette can do besides going places; screens may add their own while shown.
import { useEffect } from "react";
import { create } from "zustand";
import type { TablerIcon } from "@tabler/icons-react";

export interface Command {
  id: string;
  title: string;
  /** A word on the right: what kind of thing it is. */
  kind: string;
  icon: TablerIcon;
  run: () => void;
}

interface Palette {
  opened: boolean;
  open: () => void;
  close: () => void;
  extra: readonly Command[];
  setExtra: (commands: readonly Command[]) => void;
}

export const usePalette = create<Palette>((set) => ({
  opened: false,
  open: () => set({ opened: true }),
  close: () => set({ opened: false }),
  extra: [],
  setExtra: (extra) => set({ extra }),
}));

/** While the screen is shown, the palette offers these too. Give a memoised list. */
export function useCommands(commands: readonly Command[]): void {
  const setExtra = usePalette((state) => state.setExtra);
  useEffect(() => {
    setExtra(commands);
    return () => setExtra([]);
  }, [commands, setExtra]);
}
