/** Formulas as text: where data of steps stand in them (`@id.path`), and to and from words with pills. */

import type { Json, RefPath } from "./types";

/** `@id.a.b[1]` inside a formula. `idEnd`: where the id ends and the way through its data begins. */
export interface Span {
  start: number;
  idEnd: number;
  end: number;
  path: RefPath;
}

/** A piece a reader tells apart by its colour. */
export interface Piece {
  start: number;
  end: number;
  kind: "text" | "number" | "call";
}

const TEXT = /"[^"]*(?:""[^"]*)*"?/y;
const STEP = /@([A-Za-z][A-Za-z0-9_-]*)/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /\d+(?:[.,]\d+)?/y;
const QUOTED = /\[((?:'[\]']|[^\]])*)\]/y;
const PLACE = /\[(\d+)\]/y;
const CONSTANTS = new Set(["TRUE", "FALSE", "EMPTY", "ИСТИНА", "ЛОЖЬ", "ПУСТО"]);

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** What stands in a formula, finished or not: data of steps, and pieces with a colour of their own. */
export function scan(text: string): { spans: Span[]; pieces: Piece[] } {
  const spans: Span[] = [];
  const pieces: Piece[] = [];
  let at = 0;
  let afterValue = false;
  while (at < text.length) {
    const found = next(text, at, afterValue);
    if (found.span) spans.push(found.span);
    if (found.piece) pieces.push({ start: at, end: found.end, kind: found.piece });
    if (found.value !== undefined) afterValue = found.value;
    at = found.end;
  }
  return { spans, pieces };
}

/** `value`: whether a value may end here, so that `[` asks for an item; undefined: as before (spaces). */
interface Found {
  end: number;
  value?: boolean;
  span?: Span;
  piece?: Piece["kind"];
}

function next(text: string, at: number, afterValue: boolean): Found {
  const quoted = match(TEXT, text, at);
  if (quoted) return { end: at + quoted[0].length, value: true, piece: "text" };
  const step = match(STEP, text, at);
  if (step) {
    const span = spanAt(text, at, step);
    return { end: span.end, value: true, span };
  }
  const name = match(NAME, text, at);
  if (name) {
    const end = at + name[0].length;
    return { end, value: true, ...(text[end] === "(" ? { piece: "call" as const } : {}) };
  }
  const number = match(NUMBER, text, at);
  if (number) return { end: at + number[0].length, value: true, piece: "number" };
  const bracket = text[at] === "[" && !afterValue ? match(QUOTED, text, at) : null;
  if (bracket) return { end: at + bracket[0].length, value: true };
  const sign = text[at] ?? "";
  return /\s/.test(sign) ? { end: at + 1 } : { end: at + 1, value: ")]}%".includes(sign) };
}

function spanAt(text: string, start: number, step: RegExpExecArray): Span {
  const path: RefPath = [step[1] ?? ""];
  const idEnd = start + step[0].length;
  let end = idEnd;
  for (;;) {
    const place = match(PLACE, text, end);
    if (place && Number(place[1]) > 0) {
      path.push(Number(place[1]) - 1);
      end += place[0].length;
      continue;
    }
    if (text[end] !== ".") break;
    const name = match(NAME, text, end + 1);
    const quoted = name ? null : match(QUOTED, text, end + 1);
    if (!name && !quoted) break;
    path.push(name ? name[0] : (quoted?.[1] ?? "").replace(/'([\]'])/g, "$1"));
    end += 1 + (name ?? quoted ?? "")[0].length;
  }
  return { start, idEnd, end, path };
}

/** Data of a step as it is written in a formula; places are counted from one there. */
export function pathText(path: RefPath): string {
  const [id, ...keys] = path;
  return `@${id}${keys.map((key) => (typeof key === "number" ? `[${key + 1}]` : `.${nameText(key)}`)).join("")}`;
}

function nameText(name: string): string {
  const plain = match(NAME, name, 0)?.[0] === name && !CONSTANTS.has(name.toUpperCase());
  return plain ? name : `[${name.replaceAll("'", "''").replaceAll("]", "']")}]`;
}

export function refsInFormula(text: string): RefPath[] {
  return scan(text).spans.map((span) => span.path);
}

/** The same formula with the steps it reads under new ids. */
export function renamedFormula(text: string, names: ReadonlyMap<string, string>): string {
  return scan(text).spans.reduceRight((made, { start, idEnd, path }) => {
    const now = names.get(String(path[0]));
    return now === undefined ? made : `${made.slice(0, start)}@${now}${made.slice(idEnd)}`;
  }, text);
}

type Part = string | { $ref: RefPath } | { $formula: string };

/** Words with pills as a formula: what stands behind "=" is one already, anything else is joined text. */
export function formulaFrom(parts: readonly Part[]): string {
  const [first] = parts;
  if (typeof first === "string" && first.startsWith("=")) {
    const rest = [first.slice(1).trimStart(), ...parts.slice(1)];
    return rest.map((part) => (typeof part === "string" ? part : dataText(part))).join("");
  }
  return parts.map((part) => (typeof part === "string" ? quotedText(part) : dataText(part))).join(" & ");
}

function dataText(part: Exclude<Part, string>): string {
  return "$ref" in part ? pathText(part.$ref) : `(${part.$formula})`;
}

/** A plain value as a formula, or null for what has no short form. */
export function formulaOf(value: Json | undefined): string | null {
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return null;
}

function quotedText(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A formula as words with pills: joined text as what it says, any other behind "=", so that nothing is lost. */
export function partsOf(text: string): (string | { $ref: RefPath })[] {
  return joined(text) ?? (text.trim() === "" ? [] : ["=", ...cut(text)]);
}

function cut(text: string): (string | { $ref: RefPath })[] {
  const parts: (string | { $ref: RefPath })[] = [];
  let at = 0;
  for (const { start, end, path } of scan(text).spans) {
    if (start > at) parts.push(text.slice(at, start));
    parts.push({ $ref: path });
    at = end;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

/** The parts of `"Hello " & @hook.name`, of a lone number, or null for anything richer. */
function joined(text: string): (string | { $ref: RefPath })[] | null {
  if (/^\s*-?\d+(\.\d+)?\s*$/.test(text)) return [text.trim()];
  const parts: (string | { $ref: RefPath })[] = [];
  let at = 0;
  while (at < text.length) {
    const gap = match(parts.length === 0 ? /\s*/y : /\s*&\s*/y, text, at);
    if (!gap) return text.slice(at).trim() === "" && parts.length > 0 ? parts : null;
    at += gap[0].length;
    const words = match(TEXT, text, at);
    if (words) {
      if (!/^"(?:[^"]|"")*"$/.test(words[0])) return null;
      const said = words[0].slice(1, -1).replaceAll('""', '"');
      if (parts.length === 0 && said.startsWith("=")) return null;
      parts.push(said);
      at += words[0].length;
      continue;
    }
    const step = match(STEP, text, at);
    if (!step) return null;
    const span = spanAt(text, at, step);
    parts.push({ $ref: span.path });
    at = span.end;
  }
  return parts.length > 0 ? parts : null;
}
