/** Reading a node type's JSON Schema as a form: which fields, in what order, shown when, of what kind. */

import { resolve } from "./defaults";
import type { Json, JsonObject, Schema } from "./types";

export interface FormField {
  name: string;
  schema: Schema;
  kind: string;
  title: string;
  required: boolean;
}

export function fieldsOf(root: Schema): FormField[] {
  return Object.entries(root.properties ?? {})
    .map(([name, raw], i) => ({ name, i, schema: resolve(raw, root) }))
    .sort((a, b) => (a.schema["x-order"] ?? a.i) - (b.schema["x-order"] ?? b.i))
    .map(({ name, schema }) => ({
      name,
      schema,
      kind: kindOf(schema),
      title: schema.title ?? name,
      required: (root.required?.includes(name) ?? false) || schema["x-needed"] === true,
    }));
}

/** The declared kind, else what the plain JSON Schema suggests. */
export function kindOf(schema: Schema): string {
  if (schema["x-kind"]) return schema["x-kind"];
  if (schema.enum || schema["x-labels"]) return "choice";
  const type = Array.isArray(schema.type) ? schema.type.find((t) => t !== "null") : schema.type;
  if (type === "integer" || type === "number") return "number";
  if (type === "boolean") return "boolean";
  if (type === "string") return schema.format === "date-time" ? "datetime" : "text";
  return "json";
}

/** A field with a condition shows only while every named field holds one of the listed values. */
export function isShown(field: FormField, params: JsonObject, root: Schema): boolean {
  return Object.entries(field.schema["x-show-if"] ?? {}).every(([name, allowed]) => {
    const value = params[name] ?? defaultOf(root, name);
    return value !== undefined && allowed.some((one) => one === value);
  });
}

function defaultOf(root: Schema, name: string): Json | undefined {
  const property = root.properties?.[name];
  return property && (property.default ?? resolve(property, root).default);
}

/** Values of a choice with their labels, in the order the plugin gave. */
export function choicesOf(schema: Schema): { value: string; label: string }[] {
  const labels = schema["x-labels"] ?? {};
  const values = (schema.enum ?? schema.items?.enum ?? Object.keys(labels)).map(String);
  return values.map((value) => ({
    value,
    label: labels[value] ?? schema.items?.["x-labels"]?.[value] ?? value,
  }));
}
