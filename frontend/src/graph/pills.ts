/**
 * The tree a person picks data from: for each upstream step what it gives, with types and sample values.
 *
 * Known before any run from output schemas and samples; the last run's real data is richer and wins.
 */

import { resolve } from "./defaults";
import { ERROR_PORT, onErrorOf } from "./failure";
import { loopBodies } from "./loops";
import { descendants, upstream } from "./reach";
import { withRecords } from "./records";
import type { GraphJson, Json, JsonObject, NodeJson, NodeType, RefPath, Schema, Types } from "./types";
import { isDynamic, isObject, isRef } from "./values";

export type PillType = "text" | "number" | "boolean" | "datetime" | "list" | "object" | "any";

export interface Pill {
  path: RefPath;
  label: string;
  type: PillType;
  /** A value seen in the last run, else the plugin's sample; undefined when nothing is known. */
  sample: Json | undefined;
  children: Pill[];
  /** May hold fields nobody has seen yet: the person may type one by hand. */
  open: boolean;
}

export interface PillSource {
  node: NodeJson;
  type: NodeType | undefined;
  root: Pill;
}

const DEPTH = 6;
const LIST_ITEMS = 3;

/** Upstream steps of `id`, the nearest first, each with its tree. `seen` = outputs of the last run by step id. */
export function pillSources(
  graph: GraphJson,
  types: Types,
  id: string,
  seen: ReadonlyMap<string, Json> = new Map(),
): PillSource[] {
  const bodies = loopBodies(graph);
  return upstream(graph, id).map((node) => {
    const type = types.get(node.type);
    const body = bodies.get(node.id);
    if (body) return { node, type, root: loopTree(graph, types, node, seen, body.has(id)) };
    if (comesByError(graph, node, id)) return { node, type, root: errorTree(node, type) };
    return { node, type, root: outputTree(node, type, seen.get(node.id)) };
  });
}

const INSIDE = ["item", "index"];

/** Inside a loop its item, after it what became of all items; an item is like the first one of the list. */
function loopTree(
  graph: GraphJson,
  types: Types,
  node: NodeJson,
  seen: ReadonlyMap<string, Json>,
  inside: boolean,
): Pill {
  const type = types.get(node.type);
  const list = isRef(node.params.items)
    ? valueAt(graph, types, seen, node.params.items.$ref)
    : node.params.items;
  const first = Array.isArray(list) ? list[0] : undefined;
  const known = inside ? { item: first ?? null, index: 0 } : seen.get(node.id);
  const whole = outputTree(node, type, known);
  const keep = (pill: Pill) => INSIDE.includes(String(pill.path[1])) === inside;
  const children = whole.children.filter(keep).map((pill) => ({ ...pill, label: withoutAside(pill.label) }));
  return { ...whole, children, open: false };
}

/** "Item (inside the loop)": where only one of the two is offered, the aside says nothing. */
function withoutAside(label: string): string {
  return label.replace(/ \([^)]*\)$/, "");
}

function valueAt(
  graph: GraphJson,
  types: Types,
  seen: ReadonlyMap<string, Json>,
  path: RefPath,
): Json | undefined {
  const node = graph.nodes.find((one) => one.id === path[0]);
  let value: Json | undefined = node && (seen.get(node.id) ?? types.get(node.type)?.sample);
  for (const key of path.slice(1)) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isObject(value)) value = value[key];
    else return undefined;
  }
  return value;
}

/** True when `id` follows the way "if it fails" of `node` and no other. */
function comesByError(graph: GraphJson, node: NodeJson, id: string): boolean {
  if (onErrorOf(node) !== "branch") return false;
  const out = graph.edges.filter((edge) => edge.source === node.id);
  const leads = (edge: { target: string }) => edge.target === id || descendants(graph, edge.target).has(id);
  const ways = out.filter(leads);
  return ways.length > 0 && ways.every((edge) => edge.port === ERROR_PORT);
}

/** What a failed step hands on. */
function errorTree(node: NodeJson, type: NodeType | undefined): Pill {
  const text: Schema = { type: "string" };
  const error: Schema = { type: "object", properties: { message: text, code: text, fix: text } };
  const schema: Schema = { type: "object", properties: { error, input: {} } };
  return build([node.id], node.title || (type?.title ?? node.type), schema, schema, undefined, 0);
}

export function outputTree(node: NodeJson, type: NodeType | undefined, seen?: Json): Pill {
  const schema = withRecords(type?.outputSchema ?? {}, node.params, type?.records);
  const sample = seen ?? namedOutputs(node, schema["x-keys-from"]) ?? type?.sample ?? undefined;
  return build([node.id], node.title || (type?.title ?? node.type), schema, schema, sample, 0);
}

/** Steps whose output is made by their own settings (set fields; the asked form): keys come from the settings. */
function namedOutputs(node: NodeJson, from: string | undefined): Json | undefined {
  const items = from === undefined ? undefined : node.params[from];
  if (!Array.isArray(items)) return undefined;
  const out: JsonObject = {};
  for (const item of items) {
    if (!isObject(item) || typeof item.name !== "string" || item.name === "") continue;
    const known = item.value !== undefined && !isDynamic(item.value);
    out[item.name] = known ? (item.value ?? null) : null;
  }
  return out;
}

function build(
  path: RefPath,
  label: string,
  raw: Schema,
  root: Schema,
  sample: Json | undefined,
  depth: number,
): Pill {
  const schema = resolve(raw, root);
  const type = typeOf(schema, sample);
  const children = depth >= DEPTH ? [] : childrenOf(path, schema, root, sample, depth);
  const open =
    type === "any" || (type === "object" && schema.additionalProperties !== false && isOpen(schema));
  return { path, label, type, sample: sample ?? schemaSample(schema), children, open };
}

function childrenOf(
  path: RefPath,
  schema: Schema,
  root: Schema,
  sample: Json | undefined,
  depth: number,
): Pill[] {
  if (Array.isArray(sample) || schema.type === "array") {
    const items = Array.isArray(sample) ? sample.slice(0, LIST_ITEMS) : [undefined];
    return items.map((item, i) =>
      build([...path, i], String(i + 1), schema.items ?? {}, root, item, depth + 1),
    );
  }
  const properties = schema.properties ?? {};
  const data = isObject(sample) ? sample : {};
  const keys = [...new Set([...Object.keys(properties), ...Object.keys(data)])];
  return keys.map((key) => {
    const child = properties[key] ?? {};
    return build([...path, key], child.title ?? key, child, root, data[key] ?? undefined, depth + 1);
  });
}

function isOpen(schema: Schema): boolean {
  return schema.additionalProperties !== undefined || !schema.properties;
}

function schemaSample(schema: Schema): Json | undefined {
  return schema.examples?.[0] ?? schema.default;
}

const ISO_MOMENT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$/;

function typeOf(schema: Schema, sample: Json | undefined): PillType {
  const named = Array.isArray(schema.type) ? schema.type.find((t) => t !== "null") : schema.type;
  if (schema.format === "date-time" || schema.format === "date") return "datetime";
  if (named === "integer" || named === "number") return "number";
  if (named === "boolean") return "boolean";
  if (named === "array") return "list";
  if (named === "object" || schema.properties) return "object";
  if (named === "string") return "text";
  return sampleType(sample);
}

export function sampleType(sample: Json | undefined): PillType {
  if (sample === undefined || sample === null) return "any";
  if (typeof sample === "number") return "number";
  if (typeof sample === "boolean") return "boolean";
  if (Array.isArray(sample)) return "list";
  if (typeof sample === "object") return "object";
  return ISO_MOMENT.test(sample) ? "datetime" : "text";
}

/** What a pill says: "Step · body · amount"; indexes count from one. */
export function pillLabel(
  path: RefPath,
  graph: GraphJson,
  types: Types,
): { step: string; field: string; lost: boolean } {
  const [id, ...keys] = path;
  const node = graph.nodes.find((n) => n.id === id);
  const type = node && types.get(node.type);
  const words: string[] = [];
  let schema: Schema | undefined = type?.outputSchema;
  for (const key of keys) {
    const at: Schema | undefined = schema && resolve(schema, type?.outputSchema ?? {});
    schema = typeof key === "number" ? at?.items : at?.properties?.[key];
    words.push(typeof key === "number" ? `#${key + 1}` : withoutAside(schema?.title ?? key));
  }
  return {
    step: node ? node.title || (type?.title ?? node.type) : String(id),
    field: words.join(" · "),
    lost: !node,
  };
}
