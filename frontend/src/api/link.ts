// Whether the server can be reached right now; the banner at the top reads it.
import { create } from "zustand";

interface Link {
  up: boolean;
  /** Grows each time the server came back: screens ask again for what they missed. */
  comebacks: number;
  lost: () => void;
  restored: () => void;
}

export const useLink = create<Link>((set) => ({
  up: true,
  comebacks: 0,
  lost: () => set({ up: false }),
  restored: () => set((was) => (was.up ? was : { up: true, comebacks: was.comebacks + 1 })),
}));
