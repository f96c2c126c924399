// What steps bring of records: their fields follow from the type chosen in the block, so the server cannot know them.
import type { JsonObject, Schema } from "./types";

/** Schemas of records by the key of their type. */
export type RecordSchemas = Readonly<Record<string, Schema>>;

interface Field {
  key: string;
  name: string;
  shownAs: string;
}

const text: Schema = { type: "string" };
const money: Schema = { type: "object", properties: { amount: text, currency: text } };
const kinds: Readonly<Record<string, Schema>> = {
  number: { type: "number" },
  probability: { type: "number" },
  boolean: { type: "boolean" },
  date: { type: "string", format: "date" },
  datetime: { type: "string", format: "date-time" },
  choices: { type: "array", items: text },
  money,
};
/** Kinds whose values are ids; what they read like stands in `shown`. */
const ids: ReadonlySet<string> = new Set(["choice", "choices", "calculated", "stage", "pipeline", "reason"]);

export function recordSchema(fields: readonly Field[]): Schema {
  const properties: Record<string, Schema> = {};
  const shown: Record<string, Schema> = {};
  for (const { key, name, shownAs } of fields) {
    properties[key] = { ...(kinds[shownAs] ?? text), title: name };
    if (ids.has(shownAs)) shown[key] = { ...text, title: name };
  }
  return { type: "object", properties: { ...properties, shown: { type: "object", properties: shown } } };
}

/** The schema with the fields of the type that the block's settings name, wherever it says `x-record-from`. */
export function withRecords(schema: Schema, params: JsonObject, records: RecordSchemas | undefined): Schema {
  if (records === undefined) return schema;
  const from = schema["x-record-from"];
  const chosen = from === undefined ? undefined : params[from];
  const known = typeof chosen === "string" ? records[chosen] : undefined;
  const inner: Record<string, Schema> = {};
  for (const [key, one] of Object.entries(schema.properties ?? {}))
    inner[key] = withRecords(one, params, records);
  return {
    ...schema,
    ...(schema.properties && { properties: { ...known?.properties, ...inner } }),
    ...(schema.items && { items: withRecords(schema.items, params, records) }),
  };
}

/** Whether any part of it is a record. */
export function hasRecords(schema: Schema): boolean {
  if (schema["x-record-from"] !== undefined) return true;
  return [...Object.values(schema.properties ?? {}), schema.items ?? {}].some(
    (one) => Object.keys(one).length > 0 && hasRecords(one),
  );
}
