/** How much at once and how often: the limits of a step and of the whole scenario, read and written whole. */

import type { GraphJson, Json, JsonObject, NodeJson } from "./types";
import { isObject } from "./values";

export const UNIT_SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400, weeks: 604_800 } as const;

/** The largest unit that says these seconds in whole numbers. */
export function unitOf(seconds: number | undefined): keyof typeof UNIT_SECONDS {
  if (seconds === undefined || seconds <= 0) return "minutes";
  const found = (["weeks", "days", "hours", "minutes"] as const).find(
    (unit) => seconds % UNIT_SECONDS[unit] === 0,
  );
  return found ?? "seconds";
}

/** Limits of a step. Numbers that are not set are left out. */
export interface StepLimits {
  name: string;
  atOnce: number | undefined;
  atMost: number | undefined;
  perSeconds: number | undefined;
}

export function stepLimitsOf(node: Pick<NodeJson, "settings">): StepLimits {
  const given = node.settings?.limits;
  const limits = isObject(given) ? given : {};
  return {
    name: typeof limits.name === "string" ? limits.name : "",
    atOnce: number(limits.at_once),
    atMost: number(limits.at_most),
    perSeconds: number(limits.per_seconds),
  };
}

/** What is written; undefined when nothing is limited. A number of times always has a time, and the reverse. */
export function stepLimits({ name, atOnce, atMost, perSeconds }: StepLimits): JsonObject | undefined {
  if (atOnce === undefined && atMost === undefined) return undefined;
  return {
    ...(name.trim() === "" ? {} : { name }),
    ...(atOnce === undefined ? {} : { at_once: atOnce }),
    ...(atMost === undefined ? {} : { at_most: atMost, per_seconds: perSeconds ?? 60 }),
  };
}

/** One limit of a scenario: `perSeconds` is there where it counts within a time. */
export interface RunLimit {
  atMost: number;
  perSeconds?: number;
  key: Json | undefined;
  skips: boolean;
}

export type RunLimitKind = "concurrency" | "rate";

function settingsOf(graph: GraphJson): JsonObject {
  const given = (graph as GraphJson & { settings?: Json }).settings;
  return isObject(given) ? given : {};
}

export function runTimeoutOf(graph: GraphJson): number | undefined {
  return number(settingsOf(graph).run_timeout_seconds);
}

export function runLimitOf(graph: GraphJson, kind: RunLimitKind): RunLimit | null {
  const { limits } = settingsOf(graph);
  const given = isObject(limits) ? limits[kind] : undefined;
  const atMost = isObject(given) ? number(given.at_most) : undefined;
  if (!isObject(given) || atMost === undefined) return null;
  return {
    atMost,
    ...(kind === "rate" ? { perSeconds: number(given.per_seconds) ?? 60 } : {}),
    key: given.key ?? undefined,
    skips: given.when_full === "skip",
  };
}

/** The scenario's `limits` with this one in place; undefined when none is left. */
export function withRunLimit(
  graph: GraphJson,
  kind: RunLimitKind,
  limit: RunLimit | null,
): JsonObject | undefined {
  const { limits } = settingsOf(graph);
  const others = isObject(limits)
    ? Object.entries(limits).filter(([key, value]) => key !== kind && value !== null)
    : [];
  const now: [string, Json][] = limit ? [[kind, written(limit)]] : [];
  const entries = [...others, ...now];
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function written({ atMost, perSeconds, key, skips }: RunLimit): JsonObject {
  return {
    at_most: atMost,
    ...(perSeconds === undefined ? {} : { per_seconds: perSeconds }),
    ...(key === undefined || key === "" || key === null ? {} : { key }),
    ...(skips ? { when_full: "skip" } : {}),
  };
}

function number(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
