/** Values inside parameters: literals, pills `$ref`, mixed text `$text` and formulas `$formula`, at any depth. */

import { refsInFormula, renamedFormula } from "./formula";
import type { Json, JsonObject, RefPath } from "./types";

export interface Ref {
  $ref: RefPath;
}
export interface Formula {
  $formula: string;
}
export type TextPart = string | Ref | Formula;
export interface Text {
  $text: TextPart[];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text as it is; anything else as nothing. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function isRef(value: unknown): value is Ref {
  return isObject(value) && Array.isArray(value.$ref) && value.$ref.length > 0;
}

export function isText(value: unknown): value is Text {
  return isObject(value) && Array.isArray(value.$text);
}

export function isFormula(value: unknown): value is Formula {
  return isObject(value) && typeof value.$formula === "string";
}

/** Not the same in every run: a pill, words with pills, or a formula. */
export function isDynamic(value: unknown): value is Ref | Text | Formula {
  return isRef(value) || isText(value) || isFormula(value);
}

export function ref(path: RefPath): Ref {
  return { $ref: path };
}

/** Mixed text as the parts an editor shows; a plain string is one part, a lone pill is one part. */
export function toParts(value: unknown): TextPart[] {
  if (isText(value)) return value.$text;
  if (isRef(value) || isFormula(value)) return [value];
  if (value === null || value === undefined || value === "") return [];
  return [typeof value === "string" ? value : JSON.stringify(value)];
}

/** The shortest value that says the same: "" for nothing, a string without pills, else `$text`. */
export function fromParts(parts: TextPart[]): Json {
  const merged: TextPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === "string" && typeof last === "string") merged[merged.length - 1] = last + part;
    else if (part !== "") merged.push(part);
  }
  if (merged.length === 0) return "";
  if (merged.length === 1 && typeof merged[0] === "string") return merged[0];
  return { $text: merged } as unknown as Json;
}

/** Every pill inside a value and all data its formulas read, in reading order. */
export function refsIn(value: unknown): RefPath[] {
  if (isRef(value)) return [value.$ref];
  if (isFormula(value)) return refsInFormula(value.$formula);
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (isObject(value)) return Object.values(value).flatMap(refsIn);
  return [];
}

/** The same value with the step ids of its pills and formulas renamed; ids without a new name stay. */
export function renameRefs<T extends Json>(value: T, names: ReadonlyMap<string, string>): T {
  if (isRef(value)) {
    const [node, ...rest] = value.$ref;
    return { $ref: [names.get(String(node)) ?? node, ...rest] } as unknown as T;
  }
  if (isFormula(value)) return { $formula: renamedFormula(value.$formula, names) } as unknown as T;
  if (Array.isArray(value)) return value.map((item) => renameRefs(item, names)) as T;
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, renameRefs(v, names)])) as T;
  }
  return value;
}

/** A typed path such as `body.items.0.name` or `body.items[0].name` as keys; digits become indexes. */
export function parsePath(text: string): (string | number)[] {
  return text
    .replace(/\[(\d+)\]/g, ".$1")
    .split(".")
    .map((key) => key.trim())
    .filter((key) => key !== "")
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}

/** What stands at a path of some real data, or undefined. */
export function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (Array.isArray(at) || isObject(at)) return (at as Record<string | number, unknown>)[key];
    return undefined;
  }, data);
}

export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((k) => k in b && sameJson(a[k], b[k]));
  }
  return false;
}
