/** What a new step is born with: the defaults its type declares, and nothing else. */

import type { Json, JsonObject, Schema } from "./types";
import { isObject } from "./values";

/** Follow a `$ref` inside the schema and the single real choice of `anyOf: [X, null]`. */
export function resolve(schema: Schema, root: Schema): Schema {
  let at = schema;
  for (let i = 0; i < 8; i++) {
    if (at.$ref) {
      const name = at.$ref.split("/").at(-1) ?? "";
      // Title and description of a shared definition are its author's notes, not words for this field.
      at = { ...without(without(root.$defs?.[name] ?? {}, "title"), "description"), ...without(at, "$ref") };
      continue;
    }
    const real = at.anyOf?.filter((choice) => choice.type !== "null");
    if (real?.length === 1 && real[0]) {
      at = { ...real[0], ...without(at, "anyOf") };
      continue;
    }
    if (at.allOf?.length === 1 && at.allOf[0]) {
      at = { ...at.allOf[0], ...without(at, "allOf") };
      continue;
    }
    return at;
  }
  return at;
}

export function defaultsOf(schema: Schema): JsonObject {
  const params: JsonObject = {};
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const value = property.default ?? resolve(property, schema).default;
    if (value !== undefined && value !== null) params[key] = local(value, resolve(property, schema));
  }
  return params;
}

/** A new schedule means the clock on the wall here, not in Greenwich. */
function local(value: Json, schema: Schema): Json {
  if (schema["x-kind"] !== "schedule" || !isObject(value)) return value;
  return { ...value, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

function without(schema: Schema, key: keyof Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== key));
}
