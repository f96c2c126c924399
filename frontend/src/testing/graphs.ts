/** Node types for tests: the shapes the Catalog gives for the first plugins. Not part of the app. */

import type { GraphJson, NodeJson, NodeType } from "../graph/types";

function type(part: Partial<NodeType> & { type: string }): NodeType {
  return {
    version: 1,
    kind: "ACTION",
    title: part.type,
    help: "",
    icon: "box",
    group: "other",
    effect: "pure",
    start: "",
    inputSchema: { type: "object", properties: {} },
    outputSchema: {},
    ports: [{ id: "out", title: "" }],
    portsFrom: null,
    sample: null,
    ...part,
  };
}

export const TYPES = new Map(
  [
    type({
      type: "webhook.received",
      kind: "TRIGGER",
      title: "Webhook",
      start: "webhook",
      outputSchema: {
        type: "object",
        properties: {
          body: { title: "Body" },
          query: { type: "object", title: "Query", additionalProperties: { type: "string" } },
          method: { type: "string", title: "Method" },
        },
      },
      sample: { body: { amount: 1500, name: "Ann", items: [{ sku: "a" }] }, query: {}, method: "POST" },
    }),
    type({
      type: "logic.if",
      kind: "CONDITION",
      title: "If",
      ports: [
        { id: "true", title: "yes" },
        { id: "false", title: "no" },
      ],
      inputSchema: {
        type: "object",
        properties: {
          conditions: { "x-kind": "conditions", title: "Conditions", default: { match: "all", rules: [] } },
        },
      },
    }),
    type({
      type: "logic.switch",
      kind: "CONDITION",
      title: "Switch",
      portsFrom: "cases",
      ports: [{ id: "else", title: "otherwise" }],
      inputSchema: { type: "object", properties: { cases: { "x-kind": "cases", title: "Paths" } } },
    }),
    type({
      type: "data.set_fields",
      title: "Set fields",
      inputSchema: { type: "object", properties: { fields: { "x-kind": "pairs", title: "Fields" } } },
      outputSchema: { type: "object", "x-keys-from": "fields" },
    }),
    type({
      type: "mail.send",
      title: "Send an e-mail",
      effect: "outward",
      inputSchema: {
        type: "object",
        required: ["to"],
        properties: {
          text: { "x-kind": "template", title: "Text", "x-order": 3 },
          to: { "x-kind": "emails", title: "To", "x-order": 1 },
          subject: { "x-kind": "template", title: "Subject", "x-order": 2 },
        },
      },
    }),
  ].map((entry) => [entry.type, entry]),
);

export function node(id: string, typeId: string, part: Partial<NodeJson> = {}): NodeJson {
  return {
    id,
    type: typeId,
    version: 1,
    title: "",
    position: { x: 0, y: 0 },
    disabled: false,
    params: {},
    ...part,
  };
}

/** "a>b" or "a:true>b" per wire. */
export function graph(nodes: NodeJson[], wires: string[] = []): GraphJson {
  return {
    format: "potok/1",
    title: "Test",
    nodes,
    edges: wires.map((wire) => {
      const [from = "", target = ""] = wire.split(">");
      const [source = "", port = "out"] = from.split(":");
      return { source, port, target };
    }),
  };
}
