// The data picker offers the fields of the type of record that a block's settings name.
import { expect, test } from "vitest";
import { outputTree, type Pill } from "./pills";
import { hasRecords, recordSchema } from "./records";
import type { JsonObject, NodeType, Schema } from "./types";

const title: Schema = { type: "string", title: "Title" };
const record: Schema = { type: "object", "x-record-from": "type", properties: { title } };
const outputSchema: Schema = {
  type: "object",
  properties: { record, records: { type: "array", items: record } },
};
const created: NodeType = {
  type: "record.created",
  version: 1,
  kind: "TRIGGER",
  title: "Created",
  help: "",
  icon: "",
  group: "trigger",
  effect: "pure",
  start: "record",
  inputSchema: {},
  outputSchema,
  ports: [{ id: "out", title: "" }],
  portsFrom: null,
  sample: null,
  records: {
    deal: recordSchema([
      { key: "amount", name: "Amount", shownAs: "money" },
      { key: "stage", name: "Stage", shownAs: "stage" },
    ]),
  },
};

function labels(pill: Pill | undefined): string[] {
  return (pill?.children ?? []).map((one) => one.label);
}

function recordOf(params: JsonObject): Pill[] {
  const place = { version: 1, title: "", position: { x: 0, y: 0 }, disabled: false };
  return outputTree({ ...place, id: "start", type: "record.created", params }, created).children;
}

test("the fields of the chosen type are offered by their names, money with its parts", () => {
  const [one, many] = recordOf({ type: "deal" });
  expect(labels(one)).toEqual(["Amount", "Stage", "shown", "Title"]);
  expect(labels(one?.children[0])).toEqual(["amount", "currency"]);
  expect(one?.children[0]?.path).toEqual(["start", "record", "amount"]);
  expect(labels(one?.children[2])).toEqual(["Stage"]);
  expect(labels(many?.children[0])).toContain("Amount");
});

test("without a type, or with one that is gone, only what every record has is offered", () => {
  expect(labels(recordOf({})[0])).toEqual(["Title"]);
  expect(labels(recordOf({ type: "boat" })[0])).toEqual(["Title"]);
});

test("only blocks that bring records ask for their fields", () => {
  expect(hasRecords(outputSchema)).toBe(true);
  expect(hasRecords({ type: "object", properties: { body: {} } })).toBe(false);
});
