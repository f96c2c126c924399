// Shortcuts by the place of the key, so they work on a Russian layout. `?` shows what is registered here.
import type { MessageDescriptor } from "@lingui/core";
import { useEffect, useRef } from "react";
import { create } from "zustand";

export interface Shortcut {
  /** `event.code` values: one key, or two pressed one after the other (["KeyG", "KeyH"]). */
  codes: readonly string[];
  /** Ctrl, or Cmd on a Mac. */
  mod?: boolean;
  shift?: boolean;
  /** The same by what is written on the key: "?" stands elsewhere on other layouts. */
  char?: string;
  label: MessageDescriptor;
  run: () => void;
  /** Also while typing in a field. */
  whileTyping?: boolean;
}

interface Group {
  id: symbol;
  title: MessageDescriptor;
  shortcuts: readonly Shortcut[];
}

interface Keys {
  groups: readonly Group[];
  add: (group: Group) => void;
  remove: (id: symbol) => void;
}

export const useKeyGroups = create<Keys>((set) => ({
  groups: [],
  add: (group) => set(({ groups }) => ({ groups: [...groups, group] })),
  remove: (id) => set(({ groups }) => ({ groups: groups.filter((one) => one.id !== id) })),
}));

/** While the component is shown its shortcuts work and are listed under `title`. */
export function useShortcuts(title: MessageDescriptor, shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const { add, remove } = useKeyGroups.getState();
  const shape = shortcuts.map((one) => `${one.codes.join("+")}${one.mod ?? ""}${one.shift ?? ""}`).join();
  useEffect(() => {
    const id = Symbol(title.id);
    // Runs always call the newest closure; what is listed does not change while shown.
    const listed = latest.current.map((one, at) => ({ ...one, run: () => latest.current[at]?.run() }));
    add({ id, title, shortcuts: listed });
    return () => remove(id);
  }, [title, shape, add, remove]);
}

const typingTags = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/** True when keys mean letters there. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (typingTags.has(target.tagName) || target.isContentEditable);
}

const sequenceTime = 900;

function fits(one: Shortcut, event: KeyboardEvent, mod: boolean, before: string | null): boolean {
  if (mod !== (one.mod ?? false)) return false;
  if (one.char !== undefined && event.key === one.char) return true;
  if (event.shiftKey !== (one.shift ?? false)) return false;
  const [code, next] = one.codes;
  return next === undefined ? event.code === code : before === code && event.code === next;
}

/** Listens on the window for all registered shortcuts; returns how to stop. */
export function listenForKeys(): () => void {
  let first: { code: string; at: number } | null = null;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || event.altKey) return;
    const mod = event.ctrlKey || event.metaKey;
    const before = first && event.timeStamp - first.at < sequenceTime ? first.code : null;
    first = mod ? null : { code: event.code, at: event.timeStamp };
    const inDialog = document.querySelector('[role="dialog"]') !== null;
    for (const group of [...useKeyGroups.getState().groups].reverse()) {
      for (const one of group.shortcuts) {
        if (!fits(one, event, mod, before)) continue;
        if (!one.whileTyping && (isTyping(event.target) || inDialog)) continue;
        event.preventDefault();
        first = null;
        one.run();
        return;
      }
    }
  };
  window.addEventListener("keydown", onKeyDown);
  return () => window.removeEventListener("keydown", onKeyDown);
}

const names: Record<string, string> = {
  Escape: "Esc",
  Delete: "Del",
  Slash: "/",
  Backslash: "\\",
  Equal: "+",
  Minus: "-",
  Space: "Space",
  Enter: "Enter",
};

/** How a shortcut is written for people: ["Ctrl", "K"] or ["G", "then", "H"] without the "then". */
export function keyNames({
  codes,
  mod,
  shift,
  char,
}: Pick<Shortcut, "codes" | "mod" | "shift" | "char">): string[] {
  if (char !== undefined) return [char];
  const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const readable = codes.map((code) => names[code] ?? code.replace(/^(Key|Digit|Arrow)/, ""));
  return [...(mod ? [isMac ? "⌘" : "Ctrl"] : []), ...(shift ? ["Shift"] : []), ...readable];
}
