/** What a person typed, as the value it means. */

import type { Json } from "./types";
import { formulaFrom, formulaOf, partsOf } from "./formula";
import { fromParts, isDynamic, isFormula, isText, type TextPart, toParts } from "./values";

const CANONICAL = /^-?(0|[1-9]\d{0,14})(\.\d*[1-9])?$/;

/** "1000" is a number; "007", "+7 999" and "1e5" stay text, so that nothing typed is ever changed. */
export function literal(text: string): Json {
  return CANONICAL.test(text) && text.length <= 16 ? Number(text) : text;
}

/** Parts of an editor as a value: a lone pill keeps its type, plain text may be a number, anything mixed is text. */
export function valueFromParts(parts: TextPart[], mode: "template" | "value" | "number"): Json {
  const real = parts.filter((part) => part !== "");
  const only = real.length === 1 ? real[0] : undefined;
  if (mode !== "template") {
    if (only !== undefined && typeof only !== "string") return { ...only };
    if (real.every((part) => typeof part === "string")) {
      const text = real.join("");
      if (mode === "number" && text.trim() === "") return null;
      return mode === "number" ? literal(text.trim().replace(",", ".")) : literal(text);
    }
  }
  return fromParts(real);
}

/** What a field holds, as a formula that gives the same. */
export function asFormula(value: Json | undefined): Json {
  if (isFormula(value)) return { $formula: value.$formula };
  const whole = isText(value) || typeof value === "string" || isDynamic(value) ? toParts(value) : [];
  return { $formula: formulaOf(value) ?? formulaFrom(whole) };
}

/** A formula as words with pills again; one that says more than that stands behind "=". */
export function asWords(formula: string, mode: "template" | "value" | "number"): Json {
  const parts = partsOf(formula);
  const word = parts.length === 1 && typeof parts[0] === "string" ? parts[0] : "";
  // A text in quotes stays a text, also when it looks like a number.
  if (word !== "" && formula.trim().startsWith('"')) return word;
  return valueFromParts(parts, mode);
}

/** True when a value contains no pill and therefore can be checked here and now. */
export function isLiteral(value: Json | undefined): boolean {
  return !isDynamic(value);
}
