// One line under a step's title: its settings in words, so that a scenario reads without opening anything.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { resolve } from "../graph/defaults";
import { pillLabel } from "../graph/pills";
import type { GraphJson, Json, NodeJson, Schema, Types } from "../graph/types";
import { scan } from "../graph/formula";
import { isFormula, isObject, isRef, isText } from "../graph/values";
import { scheduleWords } from "./schedule";
import { amountOf, isOperator, isUnit, OPERATORS, SIGNS, UNARY } from "./words";

export interface SummaryContext {
  i18n: I18n;
  graph: GraphJson;
  types: Types;
}

const LONGEST = 120;

/** Empty when nothing worth saying is set: the caller then shows the type's own title. */
export function summaryOf(node: NodeJson, context: SummaryContext): string {
  const schema = context.types.get(node.type)?.inputSchema;
  if (!schema) return "";
  const said = Object.entries(schema.properties ?? {})
    .map(([key, property]) => ({ key, property: resolve(property, schema) }))
    .sort((a, b) => (a.property["x-order"] ?? 0) - (b.property["x-order"] ?? 0))
    .map(({ key, property }) => fieldWords(node.params[key], property, context))
    .filter((words) => words !== "");
  return shorten(said.slice(0, 2).join(" · "), LONGEST);
}

function fieldWords(value: Json | undefined, schema: Schema, context: SummaryContext): string {
  if (value === undefined || value === null || value === "") return "";
  switch (schema["x-kind"]) {
    case "conditions":
      return conditionWords(value, context);
    case "cases":
      return Array.isArray(value) ? value.map((item) => titleOf(item)).join(", ") : "";
    case "pairs":
      return Array.isArray(value)
        ? value
            .map((item) => pairWords(item, context))
            .filter(Boolean)
            .join(", ")
        : "";
    case "duration":
      return isObject(value) && isUnit(value.unit)
        ? amountOf(context.i18n, Number(value.amount), value.unit)
        : "";
    case "schedule":
      return scheduleWords(context.i18n, value);
    case "choice":
      return typeof value === "string" && value !== schema.default
        ? (schema["x-labels"]?.[value] ?? value)
        : "";
    case "boolean":
    case "calendar":
    case "scenario": // its id says nothing to a person
    case "secret":
    case "json":
    case "choices":
      return "";
    default:
      return valueWords(value, context);
  }
}

/** A value as a person would say it: pills by the name of their last field. */
export function valueWords(value: Json | undefined, context: SummaryContext): string {
  if (value === undefined || value === null) return "";
  if (isRef(value)) {
    const { step, field } = pillLabel(value.$ref, context.graph, context.types);
    const last = field.split(" · ").at(-1) ?? "";
    return last === "" ? step : last;
  }
  if (isFormula(value)) return formulaWords(value.$formula, context);
  if (isText(value)) {
    return value.$text
      .map((part) => (typeof part === "string" ? part : `[${valueWords({ ...part }, context)}]`))
      .join("")
      .replace(/\s+/g, " ");
  }
  if (Array.isArray(value))
    return value
      .map((item) => valueWords(item, context))
      .filter(Boolean)
      .join(", ");
  if (typeof value === "boolean") return context.i18n._(value ? msg`yes` : msg`no`);
  if (isObject(value)) return titleOf(value);
  return String(value).replace(/\s+/g, " ");
}

/** A formula with data by the name of their last field, as a pill says it. */
function formulaWords(formula: string, context: SummaryContext): string {
  return scan(formula)
    .spans.reduceRight(
      (made, { start, end, path }) =>
        `${made.slice(0, start)}${valueWords({ $ref: path }, context)}${made.slice(end)}`,
      formula,
    )
    .replace(/\s+/g, " ")
    .trim();
}

export function conditionWords(value: Json | undefined, context: SummaryContext): string {
  if (!isObject(value) || !Array.isArray(value.rules)) return "";
  const joint = context.i18n._(
    value.match === "any"
      ? msg({ message: "or", context: "condition" })
      : msg({ message: "and", context: "condition" }),
  );
  return value.rules
    .map((rule) =>
      isObject(rule) && Array.isArray(rule.rules) ? nested(rule, context) : ruleWords(rule, context),
    )
    .filter((words) => words !== "")
    .join(` ${joint} `);
}

function nested(rule: Json, context: SummaryContext): string {
  const words = conditionWords(rule, context);
  return words === "" ? "" : `(${words})`;
}

function ruleWords(rule: Json, context: SummaryContext): string {
  if (!isObject(rule) || !isOperator(rule.op)) return "";
  const left = valueWords(rule.left, context);
  if (left === "") return "";
  const sign = SIGNS[rule.op] ?? context.i18n._(OPERATORS[rule.op]);
  return UNARY.has(rule.op) ? `${left} ${sign}` : `${left} ${sign} ${valueWords(rule.right, context) || "…"}`;
}

function pairWords(item: Json, context: SummaryContext): string {
  if (!isObject(item) || typeof item.name !== "string" || item.name === "") return "";
  const value = valueWords(item.value, context);
  return value === "" ? item.name : `${item.name} = ${shorten(value, 40)}`;
}

function titleOf(item: Json): string {
  if (!isObject(item)) return "";
  const name = item.title ?? item.name;
  return typeof name === "string" ? name : "";
}

function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
