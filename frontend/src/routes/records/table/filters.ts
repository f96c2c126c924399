// The filter of a list: rules of one level, all or any of them. A rule that is not finished filters nothing.
import { isEmpty, isMoney, type Field } from "../model";

export interface Rule {
  field: string;
  op: string;
  value: unknown;
}

export interface Filter {
  match: "all" | "any";
  rules: readonly Rule[];
}

export const noFilter: Filter = { match: "all", rules: [] };

const unary = new Set(["is_empty", "is_not_empty", "is_true", "is_false"]);
export const needsValue = (op: string) => !unary.has(op);

/** The order in which operators are offered: the likeliest first. */
const order = [
  "contains",
  "eq",
  "is_true",
  "is_false",
  "ne",
  "gt",
  "gte",
  "lt",
  "lte",
  "starts_with",
  "ends_with",
  "not_contains",
  "is_empty",
  "is_not_empty",
];

export const operatorsOf = (field: Field): string[] => order.filter((one) => field.operators.includes(one));

/** A new rule on a field, with the likeliest operator. */
export const ruleOn = (field: Field): Rule => ({
  field: field.key,
  op: operatorsOf(field)[0] ?? "is_not_empty",
  value: null,
});

const finished = (rule: Rule) => !needsValue(rule.op) || !isEmpty(rule.value);

/** What is sent: only rules that say something, and those the view itself adds; null for none. */
export function sent(filter: Filter, also: readonly Rule[] = []): unknown {
  const plain = (rule: Rule) => ({
    field: rule.field,
    op: rule.op,
    ...(needsValue(rule.op) && { value: isMoney(rule.value) ? rule.value.amount : rule.value }),
  });
  const rules = filter.rules.filter(finished).map(plain);
  const own = rules.length > 0 ? { match: filter.match, rules } : null;
  if (also.length === 0) return own;
  return { match: "all", rules: [...also.map(plain), ...(own ? [own] : [])] };
}

export const countOf = (filter: Filter): number => filter.rules.filter(finished).length;

/** The field as its values are compared: of a formula its result, of a relation one record. */
export function comparedAs(field: Field, op: string): Field {
  const kind = field.shownAs === "choices" ? "choice" : field.shownAs;
  const settings = { ...(field.settings as object | null), many: false };
  const textual =
    ["contains", "not_contains", "starts_with", "ends_with"].includes(op) && field.shownAs !== "choices";
  return { ...field, kind: textual ? "text" : kind, settings, required: false, help: "" };
}
