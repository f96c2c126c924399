import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useSyncExternalStore } from "react";
import { describe, expect, it } from "vitest";
import { Commands } from "../graph/commands";
import { ScenarioDoc } from "../graph/doc";
import type { Json, Schema } from "../graph/types";
import { graph, node, TYPES } from "../testing/graphs";
import type { Answers } from "../testing/fakeServer";
import { frameAnswers, openPart } from "../testing/render";
import { Inspector } from "./Inspector";

const CALL: Schema = {
  type: "object",
  required: ["scenario"],
  properties: {
    scenario: { type: "string", "x-kind": "scenario", "x-options": true, title: "Scenario", "x-order": 1 },
    inputs: { "x-kind": "answers", title: "Input", "x-order": 2 },
  },
};
const CITY: Schema = {
  type: "object",
  properties: { city: { type: "string", "x-kind": "text", "x-options": true, title: "City" } },
};
const ask = { title: "Ask", kind: "number", name: "amount", required: true };
const manual = { id: "m", type: "manual.started", version: 1, title: "", disabled: false };
const called = {
  format: "potok/1",
  title: "Invoices",
  nodes: [{ ...manual, position: { x: 0, y: 0 }, params: { fields: [ask] } }],
  edges: [],
};
const option = (value: Json, title: string, note = "") => ({ value, title, note });
const page = (options: object[], hasMore = false, problems: object[] = []) => ({
  nodeOptions: { __typename: "NodeOptions", options, hasMore, problems },
});
const LIST = [option("s1", "Invoices"), option("s2", "Letters", "not published yet")];

const RECORD: Schema = {
  type: "object",
  properties: {
    type: { type: "string", "x-kind": "record_type", "x-options": true, title: "Type", "x-order": 1 },
    values: { "x-kind": "pairs", title: "Fields", "x-order": 2, "x-record-from": "type" },
  },
};
const SUM: Schema = { type: "number", title: "Amount" };

async function setup(schema: Schema, params: Record<string, Json>, answers: Answers = {}) {
  const base = TYPES.get("logic.if");
  if (!base) throw new Error("a type to start from");
  const types = new Map(TYPES)
    .set("flow.call", {
      ...base,
      type: "flow.call",
      kind: "ACTION",
      start: "",
      inputSchema: schema,
      records: { deal: { type: "object", properties: { amount: SUM } } },
    })
    .set("manual.started", { ...base, type: "manual.started", start: "manual" });
  const doc = new ScenarioDoc(graph([node("s", "flow.call", { params })], []));
  const commands = new Commands(doc, () => types);
  function Shown() {
    const now = useSyncExternalStore(doc.subscribe, doc.toJSON);
    const [step] = now.nodes;
    const seen = new Map<string, Json>();
    return step ? (
      <Inspector {...{ types, commands, seen }} node={step} graph={now} problems={[]} readOnly={false} />
    ) : null;
  }
  const made = await openPart(<Shown />, {
    ...frameAnswers("BUILDER"),
    NodeOptions: ({ search }) =>
      page(LIST.filter((one) => one.title.toLowerCase().includes(String(search).toLowerCase()))),
    NodeOption: ({ value }) => page(LIST.filter((one) => one.value === value)),
    CalledQuestions: () => ({
      scenario: {
        __typename: "Scenario",
        id: "s1",
        title: "Invoices",
        published: { id: "v", graph: called },
      },
    }),
    ...answers,
  });
  return { ...made, values: () => doc.toJSON().nodes[0]?.params };
}

describe("a setting with a list", () => {
  it("is searched by name and keeps the id", async () => {
    const { values } = await setup(CALL, {});
    const field = await screen.findByRole("textbox", { name: "Scenario" });
    await userEvent.click(field);
    expect(await screen.findByRole("option", { name: /Letters\s*not published yet/ })).toBeInTheDocument();
    await userEvent.type(field, "inv");
    await waitFor(() => expect(screen.queryByRole("option", { name: /Letters/ })).toBeNull());
    await userEvent.click(await screen.findByRole("option", { name: "Invoices" }));
    expect(values()?.scenario).toBe("s1");
    await waitFor(() => expect(field).toHaveValue("Invoices"));
  });

  it("can be chosen by the keyboard alone", async () => {
    const { values } = await setup(CALL, {});
    (await screen.findByRole("textbox", { name: "Scenario" })).focus();
    await userEvent.keyboard("{ArrowDown}");
    await screen.findByRole("option", { name: "Invoices" });
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    await waitFor(() => expect(["s1", "s2"]).toContain(values()?.scenario));
  });

  it("says that what was chosen is gone", async () => {
    await setup(CALL, { scenario: "s9" });
    expect(await screen.findByText(/does not exist any more/)).toBeInTheDocument();
    expect(screen.getByRole("textbox", { name: "Scenario" })).toHaveValue("No longer there");
  });

  it("shows what keeps a plugin's list away, and takes what is typed", async () => {
    const { values } = await setup(
      CITY,
      {},
      {
        NodeOptions: () => page([], false, [{ message: "The service is away.", fix: "Type it." }]),
        NodeOption: () => page([], true),
      },
    );
    await userEvent.type(await screen.findByRole("textbox", { name: "City" }), "Tver");
    expect(await screen.findByText("The service is away. Type it.")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("option", { name: /Take “Tver”/ }));
    expect(values()?.city).toBe("Tver");
  });

  it("asks the questions of the scenario that was chosen", async () => {
    const { values } = await setup(CALL, { scenario: "s1", inputs: [{ name: "old", value: "x" }] });
    const inputs = await screen.findByRole("group", { name: "Input" });
    expect(await within(inputs).findByRole("textbox", { name: "Ask" })).toBeInTheDocument();
    expect(within(inputs).getByRole("group", { name: "Not asked by it" })).toBeInTheDocument();
    const field = within(inputs).getByRole("textbox", { name: "Ask" });
    field.append("12");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await waitFor(() =>
      expect(values()?.inputs).toEqual([
        { name: "old", value: "x" },
        { name: "amount", value: 12 },
      ]),
    );
  });
});

describe("names of pairs that are fields of a record", () => {
  it("are offered once the type is chosen, by what people call them", async () => {
    await setup(RECORD, { type: "deal" });
    const name = await screen.findByRole("combobox", { name: "Name 1" });
    const list = document.getElementById(name.getAttribute("list") ?? "");
    expect(
      [...(list?.children ?? [])].map((one) => [one.getAttribute("value"), one.getAttribute("label")]),
    ).toEqual([["amount", "Amount"]]);
  });

  it("are typed freely before that", async () => {
    await setup(RECORD, {});
    expect(await screen.findByRole("textbox", { name: "Name 1" })).toBeVisible();
  });
});
