// Words of conditions, units and deeds, in one place: the node's summary, the form and the announcements share them.
import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg, plural } from "@lingui/core/macro";
import type { PillType } from "../graph/pills";
import { ERROR_PORT } from "../graph/failure";
import type { Deed } from "../graph/history";
import type { Refusal } from "../graph/reach";
import type { Port } from "../graph/types";

export const OPERATORS = {
  eq: msg({ message: "is", context: "condition" }),
  ne: msg({ message: "is not", context: "condition" }),
  gt: msg({ message: "is more than", context: "condition" }),
  gte: msg({ message: "is at least", context: "condition" }),
  lt: msg({ message: "is less than", context: "condition" }),
  lte: msg({ message: "is at most", context: "condition" }),
  contains: msg({ message: "contains", context: "condition" }),
  not_contains: msg({ message: "does not contain", context: "condition" }),
  starts_with: msg({ message: "starts with", context: "condition" }),
  ends_with: msg({ message: "ends with", context: "condition" }),
  in: msg({ message: "is one of", context: "condition" }),
  is_empty: msg({ message: "is empty", context: "condition" }),
  is_not_empty: msg({ message: "is filled in", context: "condition" }),
  is_true: msg({ message: "is yes", context: "condition" }),
  is_false: msg({ message: "is no", context: "condition" }),
  exists: msg({ message: "is present", context: "condition" }),
} satisfies Record<string, MessageDescriptor>;

export type Operator = keyof typeof OPERATORS;

export function isOperator(op: unknown): op is Operator {
  return typeof op === "string" && op in OPERATORS;
}

/** Conditions that compare with nothing. */
export const UNARY: ReadonlySet<Operator> = new Set([
  "is_empty",
  "is_not_empty",
  "is_true",
  "is_false",
  "exists",
]);

/** Signs for the one-line summary, where a word would be long. */
export const SIGNS: Partial<Record<Operator, string>> = {
  eq: "=",
  ne: "≠",
  gt: ">",
  gte: "≥",
  lt: "<",
  lte: "≤",
};

export const UNITS = ["seconds", "minutes", "hours", "days", "weeks"] as const;
export type Unit = (typeof UNITS)[number];

export const UNIT_NAMES: Record<Unit, MessageDescriptor> = {
  seconds: msg`seconds`,
  minutes: msg`minutes`,
  hours: msg`hours`,
  days: msg`days`,
  weeks: msg`weeks`,
};

export function isUnit(unit: unknown): unit is Unit {
  return UNITS.some((known) => known === unit);
}

/** "2 hours", "5 минут". */
export function amountOf(i18n: I18n, amount: number, unit: Unit): string {
  const words: Record<Unit, MessageDescriptor> = {
    seconds: msg({ message: plural(amount, { one: "# second", other: "# seconds" }) }),
    minutes: msg({ message: plural(amount, { one: "# minute", other: "# minutes" }) }),
    hours: msg({ message: plural(amount, { one: "# hour", other: "# hours" }) }),
    days: msg({ message: plural(amount, { one: "# day", other: "# days" }) }),
    weeks: msg({ message: plural(amount, { one: "# week", other: "# weeks" }) }),
  };
  return i18n._(words[unit]);
}

export const PILL_TYPES: Record<PillType, MessageDescriptor> = {
  text: msg({ message: "text", context: "type of data" }),
  number: msg({ message: "number", context: "type of data" }),
  boolean: msg({ message: "yes / no", context: "type of data" }),
  datetime: msg({ message: "date", context: "type of data" }),
  list: msg({ message: "list", context: "type of data" }),
  object: msg({ message: "group of fields", context: "type of data" }),
  any: msg({ message: "anything", context: "type of data" }),
};

/** Why a wire may not be drawn, and what would be right. */
export const REFUSALS: Record<Refusal, MessageDescriptor> = {
  self: msg`A step cannot lead to itself.`,
  cycle: msg`This would make a circle: that step comes before this one.`,
  duplicate: msg`These two are already connected.`,
  trigger: msg`Nothing leads into a trigger: it starts the scenario.`,
  port: msg`This way out no longer exists.`,
  missing: msg`This step no longer exists.`,
};

/** What a way out is called where there are several. */
export function portName(i18n: I18n, port: Port): string {
  if (port.title !== "") return port.title;
  if (port.id === ERROR_PORT) return i18n._(msg({ message: "if it fails", context: "way out of a step" }));
  if (port.id === "out") return i18n._(msg({ message: "when it is done", context: "way out of a step" }));
  return port.id;
}

/** What a gesture did: "step Call removed". */
export function deedWords(i18n: I18n, { verb, name, count }: Deed): string {
  const many = count > 1;
  const one: Record<Deed["verb"], MessageDescriptor> = {
    add: msg`step ${name} added`,
    remove: msg`step ${name} removed`,
    move: msg`step ${name} moved`,
    connect: msg`wire to ${name} drawn`,
    disconnect: msg`wire to ${name} removed`,
    insert: msg`step ${name} inserted`,
    paste: msg`step ${name} pasted`,
    duplicate: msg`step ${name} duplicated`,
    set: msg`settings of ${name} changed`,
    rename: msg`step ${name} renamed`,
    disable: msg`step ${name} switched off`,
    enable: msg`step ${name} switched on`,
    tidy: msg`step ${name} tidied up`,
    replace: msg`step ${name} replaced`,
    title: msg`scenario renamed`,
    restore: msg`other version taken`,
  };
  const several: Partial<Record<Deed["verb"], MessageDescriptor>> = {
    remove: msg({ message: plural(count, { one: "# step removed", other: "# steps removed" }) }),
    move: msg({ message: plural(count, { one: "# step moved", other: "# steps moved" }) }),
    paste: msg({ message: plural(count, { one: "# step pasted", other: "# steps pasted" }) }),
    duplicate: msg({ message: plural(count, { one: "# step duplicated", other: "# steps duplicated" }) }),
    disable: msg({ message: plural(count, { one: "# step switched off", other: "# steps switched off" }) }),
    enable: msg({ message: plural(count, { one: "# step switched on", other: "# steps switched on" }) }),
    tidy: msg({ message: plural(count, { one: "# step tidied up", other: "# steps tidied up" }) }),
  };
  return i18n._((many ? several[verb] : undefined) ?? one[verb]);
}
