/** What a step does when it fails: the settings every type shares, read with their defaults. */

import type { JsonObject, NodeJson, NodeType } from "./types";
import { isObject } from "./values";

export const ERROR_PORT = "error";

export type OnError = "fail" | "branch" | "continue";

/** How often and when a failed step is tried again. Seconds; `on` lists error codes or "any". */
export interface Retry extends JsonObject {
  attempts: number;
  first_seconds: number;
  factor: number;
  max_seconds: number;
  budget_seconds: number;
}

/** The same as the server's own. */
export const DEFAULT_RETRY: Retry = {
  attempts: 3,
  first_seconds: 1,
  factor: 2,
  max_seconds: 300,
  budget_seconds: 3600,
};

export function isOnError(value: unknown): value is OnError {
  return value === "fail" || value === "branch" || value === "continue";
}

export function onErrorOf(node: Pick<NodeJson, "settings">): OnError {
  const value = node.settings?.on_error;
  return isOnError(value) ? value : "fail";
}

export function retryOf(node: Pick<NodeJson, "settings">): Retry | null {
  const given = node.settings?.retry;
  if (!isObject(given)) return null;
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  return { ...DEFAULT_RETRY, ...known };
}

/** Loops and joins hold other steps together: they are not tried again and have no time of their own. */
export function controlsRun(type: Pick<NodeType, "type">): boolean {
  return type.type === "flow.loop" || type.type === "flow.join" || type.type === "flow.call";
}
