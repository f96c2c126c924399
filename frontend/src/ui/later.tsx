// Parts of a screen that are not needed to show it: fetched while the person looks, drawn without a flash.
import { type ComponentType, useSyncExternalStore } from "react";

const AGAIN_MS = 2000;
const parts: (() => void)[] = [];

/**
 * A component of another chunk. Once it is here it is drawn at once; unlike `lazy`, it never blinks first.
 * "when shown": too heavy to be fetched beforehand.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  when: "beforehand" | "when shown" = "beforehand",
): ComponentType<P> {
  let found: ComponentType<P> | null = null;
  let asked = false;
  const listeners = new Set<() => void>();
  const ask = () => {
    if (asked) return;
    asked = true;
    load().then(
      (part) => {
        found = part;
        listeners.forEach((listener) => listener());
      },
      () => {
        // The net was away: whoever waits for it goes on waiting.
        asked = false;
        if (listeners.size > 0) setTimeout(ask, AGAIN_MS);
      },
    );
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    ask();
    return () => listeners.delete(listener);
  };
  if (when === "beforehand") parts.push(ask);
  return function Later(props: P) {
    const Part = useSyncExternalStore(subscribe, () => found);
    return Part && <Part {...props} />;
  };
}

/** Fetch all parts while nothing else is to be done. */
export function fetchParts(): () => void {
  const fetch = () => parts.forEach((ask) => ask());
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(fetch, 300);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(fetch, { timeout: 1500 });
  return () => cancelIdleCallback(idle);
}
