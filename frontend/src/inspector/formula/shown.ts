// The value of a formula as a person would write it.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Json } from "../../graph/types";
import { isObject } from "../../graph/values";

const LONGEST = 300;
const DIGITS = /^-?\d+(\.\d+)?$/;

/** `kind`: what the formula gives, as the server calls it; digits that no number of JSON can hold come as text. */
export function valueShown(value: Json, kind: string, i18n: I18n): string {
  if (value === null) return i18n._(msg({ message: "nothing", context: "value" }));
  if (typeof value === "boolean") return i18n._(value ? msg`yes` : msg`no`);
  if (typeof value === "number") return number(String(value), i18n);
  if (typeof value === "string") {
    if (kind === "number" && DIGITS.test(value)) return number(value, i18n);
    if (kind === "date" || kind === "datetime") return moment(value, kind, i18n) ?? value;
    return shortened(value);
  }
  if (isObject(value) && typeof value.amount === "string" && typeof value.currency === "string") {
    return `${number(value.amount, i18n)} ${value.currency}`;
  }
  return shortened(JSON.stringify(value));
}

/** All digits there are, in the groups of the language. */
function number(digits: string, i18n: I18n): string {
  if (!DIGITS.test(digits)) return digits;
  const [whole = "", part] = digits.split(".");
  const format = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 20 });
  if (part === undefined) return format.format(BigInt(whole));
  const point = format.formatToParts(1.5).find((one) => one.type === "decimal")?.value ?? ".";
  const sign = whole.startsWith("-") && BigInt(whole) === 0n ? "-" : "";
  return `${sign}${format.format(BigInt(whole))}${point}${part}`;
}

function moment(iso: string, kind: string, i18n: I18n): string | null {
  const found = new Date(kind === "date" ? `${iso}T00:00:00` : iso);
  if (Number.isNaN(found.getTime())) return null;
  const style =
    kind === "date" ? { dateStyle: "long" as const } : ({ dateStyle: "long", timeStyle: "short" } as const);
  return new Intl.DateTimeFormat(i18n.locale, style).format(found);
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
