// Short words about what just happened; Toasts.tsx shows them.
import { create } from "zustand";

export interface Toast {
  id: number;
  kind: "done" | "failed";
  text: string;
  /** A way back or onward, for example "Undo". */
  action?: { label: string; run: () => void };
}

interface Toasts {
  list: readonly Toast[];
  show: (toast: Omit<Toast, "id">) => void;
  close: (id: number) => void;
}

let lastId = 0;

export const useToasts = create<Toasts>((set) => ({
  list: [],
  // Three at most: a fourth pushes the oldest out.
  show: (toast) => set(({ list }) => ({ list: [...list.slice(-2), { ...toast, id: ++lastId }] })),
  close: (id) => set(({ list }) => ({ list: list.filter((one) => one.id !== id) })),
}));

/** Say that something was done. */
export function sayDone(text: string, action?: Toast["action"]): void {
  useToasts.getState().show({ kind: "done", text, ...(action && { action }) });
}

/** Say that something failed; stays until closed. */
export function sayFailed(text: string, action?: Toast["action"]): void {
  useToasts.getState().show({ kind: "failed", text, ...(action && { action }) });
}
