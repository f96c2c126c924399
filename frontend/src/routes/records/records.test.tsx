import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { frameAnswers, openApp } from "../../testing/render";
import { cardsOf, columnAt, stageBeside } from "./board/moves";
import { keyFrom } from "./designer/keys";
import { reasonsOf, stageDraft } from "./designer/pipelineDraft";
import { tidy } from "./designer/settings";
import { exactMoney, exactNumber, phoneWords } from "./fields/format";
import { typedText, typedValue } from "./fields/ValueInput";
import type { Row } from "./model";
import { countOf, sent } from "./table/filters";

const field = (key: string, kind: string, over: object = {}) => ({
  __typename: "ObjectField",
  id: key,
  key,
  kind,
  name: key === "name" ? "Name" : "Phone",
  names: {},
  help: "",
  required: false,
  unique: false,
  default: null,
  settings: {},
  operators: ["eq", "contains", "is_empty"],
  shownAs: kind,
  summed: false,
  computed: false,
  ...over,
});
const type = {
  __typename: "ObjectType",
  id: "t1",
  key: "contact",
  name: "Contact",
  plural: "Contacts",
  names: {},
  icon: "user",
  color: "",
  titleField: "name",
  pack: "crm",
  fields: [field("name", "text"), field("phone", "phone")],
  pipelines: [],
};
const row = (over: object = {}) => ({
  __typename: "Record",
  id: "r1",
  type: "contact",
  title: "Anna",
  values: { name: "Anna", phone: "+79161234567" },
  errors: {},
  explained: {},
  version: 1,
  createdAt: "2026-11-24T09:00:00Z",
  updatedAt: "2026-11-24T09:00:00Z",
  deletedAt: null,
  refs: [],
  ...over,
});
const problem = {
  __typename: "Problem",
  code: "record.value.not_phone",
  message: "“12” is no phone number.",
  fix: "Write it like +7 916 123-45-67.",
  severity: "ERROR",
  nodeId: null,
  path: ["phone"],
};
const answers = (over: object = {}) => ({
  ...frameAnswers(),
  ObjectTypeShapes: () => ({ objectTypes: [type] }),
  RecordPeople: () => ({ recordPeople: [] }),
  RecordSums: () => ({ recordSums: { __typename: "RecordSums", count: 1, sums: {} } }),
  RecordPage: () => ({
    records: {
      __typename: "RecordConnection",
      edges: [{ __typename: "RecordEdge", cursor: "c", node: row() }],
      pageInfo: { __typename: "PageInfo", endCursor: null, hasNextPage: false },
    },
  }),
  ...over,
});

test("an empty office is offered the CRM set and a type of its own", async () => {
  await openApp("/records", { ...frameAnswers(), ObjectTypes: () => ({ objectTypes: [] }) });
  expect(
    await screen.findByRole("button", { name: "Install the CRM set" }, { timeout: 5_000 }),
  ).toBeVisible();
  expect(screen.getByRole("button", { name: "Make your own type" })).toBeVisible();
});

test("a refused value stays in its cell with the words why, and Escape gives the old one back", async () => {
  const refuse = () => ({
    updateRecord: { __typename: "RecordPayload", record: null, problems: [problem] },
  });
  const { user, server } = await openApp("/records/contact", answers({ UpdateRecord: refuse }));
  const cell = await screen.findByRole("gridcell", { name: "+7 916 123-45-67" }, { timeout: 5_000 });
  await user.dblClick(cell);
  const input = within(cell).getByRole("textbox", { name: "Phone" });
  await user.clear(input);
  await user.type(input, "12{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("“12” is no phone number.");
  expect(within(cell).getByRole("textbox", { name: "Phone" })).toHaveValue("12");
  const update = server.sent.find((one) => one.name === "UpdateRecord");
  expect(update?.variables).toEqual({ type: "contact", id: "r1", values: { phone: "12" }, version: 1 });
  await user.keyboard("{Escape}");
  await waitFor(() => expect(cell).toHaveTextContent("+7 916 123-45-67"));
});

test("a rule is sent only when it says something", async () => {
  const { user, server } = await openApp("/records/contact", answers());
  await user.click(await screen.findByRole("button", { name: "Filter" }, { timeout: 5_000 }));
  await user.click(screen.getByRole("button", { name: "Add a rule" }));
  await user.type(screen.getByRole("textbox", { name: "Value" }), "An");
  const wanted = { match: "all", rules: [{ field: "name", op: "contains", value: "An" }] };
  await waitFor(() =>
    expect(server.sent.filter((one) => one.name === "RecordPage").at(-1)?.variables.filter).toEqual(wanted),
  );
  expect(screen.getByRole("button", { name: "Filter: 1" })).toBeVisible();
});

test("filters: unfinished rules count for nothing, those of a group are joined by and", () => {
  const rules = [
    { field: "a", op: "eq", value: null },
    { field: "b", op: "is_empty", value: null },
  ];
  const filter = { match: "any", rules } as const;
  expect(countOf(filter)).toBe(1);
  expect(sent(filter, [{ field: "stage", op: "eq", value: "s" }])).toEqual({
    match: "all",
    rules: [
      { field: "stage", op: "eq", value: "s" },
      { match: "any", rules: [{ field: "b", op: "is_empty" }] },
    ],
  });
});

test("numbers are shown exactly, whatever JavaScript would round", () => {
  expect(exactNumber("12345678901234567890.123", "en")).toBe("12,345,678,901,234,567,890.123");
  expect(exactMoney("0.1", "RUB", "en")).toBe("₽0.10");
  expect(phoneWords("+79161234567")).toBe("+7 916 123-45-67");
});

test("money keeps its currency while it is typed, and what was emptied is sent as nothing", () => {
  const money = { kind: "money" };
  expect(typedText(money, { amount: "5", currency: "EUR" })).toBe("5");
  expect(typedValue(money, { amount: "5", currency: "EUR" }, "7,5")).toEqual({
    amount: "7,5",
    currency: "EUR",
  });
  expect(typedValue(money, null, "")).toBeNull();
});

test("board: a moved card stands on top of its new column and no longer in the old one", () => {
  const card = (id: string, stage: string) => ({ ...row({ id }), values: { stage } }) as unknown as Row;
  const [one, other] = [card("1", "new"), card("2", "new")];
  const moves = new Map([["1", { row: one, to: "won", turn: 1 }]]);
  expect(cardsOf("new", [one, other], moves)).toEqual([other]);
  expect(cardsOf("won", [], moves)).toEqual([one]);
  expect([stageBeside([1, 2, 3], 0, -1), stageBeside([1, 2, 3], 0, 1), stageBeside([1, 2, 3], 2, 1)]).toEqual(
    [0, 1, 2],
  );
  const boxes = [
    { left: 0, right: 100 },
    { left: 120, right: 220 },
  ];
  expect([columnAt(-5, boxes), columnAt(119, boxes), columnAt(500, boxes)]).toEqual([0, 1, 1]);
});

test("keys are made of names, Russian ones too, and none is given twice", () => {
  expect(keyFrom("Дата покупки", [])).toBe("data_pokupki");
  expect(keyFrom("Name", ["name"])).toBe("name_2");
  expect(keyFrom("2-й этаж", [])).toBe("y_etazh");
  expect(keyFrom("Stage", [])).toBe("stage_2");
  expect(keyFrom("日本", [])).toBe("field");
});

test("new options get ids of their names; those that are known keep theirs", () => {
  const options = [
    { id: "old", names: { en: "Old" } },
    { id: "+1", names: { en: "New" } },
    { id: "+2", names: { en: " " } },
  ];
  expect(tidy({ options, mask: "" }).options?.map((one) => one.id)).toEqual(["old", "new_2"]);
});

test("close reasons are lines, and a known one keeps its id", () => {
  const known = [{ id: "price", names: { en: "Too dear" } }];
  const stage = stageDraft({ reasons: "Too dear\n\nNo money\nNo money", known });
  expect(reasonsOf(stage, "en").map((one) => one.id)).toEqual(["price", "no_money"]);
});
