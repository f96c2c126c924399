/** The questions a start by hand asks, read from the settings of its step. */

import type { NodeJson } from "./types";
import { asText, isObject } from "./values";

export interface Question {
  name: string;
  title: string;
  kind: string;
  required: boolean;
}

export function questionsOf(trigger: Pick<NodeJson, "params">): Question[] {
  const fields = Array.isArray(trigger.params.fields) ? trigger.params.fields.filter(isObject) : [];
  return fields
    .map((field) => ({
      name: asText(field.name),
      title: asText(field.title) || asText(field.name),
      kind: asText(field.kind) || "text",
      required: field.required === true,
    }))
    .filter((question) => question.name !== "");
}
