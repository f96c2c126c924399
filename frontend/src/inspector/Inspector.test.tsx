import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useSyncExternalStore } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import { messages } from "../locales/builder.en.po";
import { Commands } from "../graph/commands";
import { ScenarioDoc } from "../graph/doc";
import type { Json, Schema } from "../graph/types";
import { graph, node, TYPES } from "../testing/graphs";
import { Inspector, type NodeProblem } from "./Inspector";

const SCHEMA: Schema = {
  type: "object",
  required: ["title"],
  properties: {
    title: { "x-kind": "template", title: "Title", "x-order": 1, description: "What people see" },
    mode: {
      enum: ["for", "until"],
      "x-labels": { for: "for a time", until: "until a date" },
      title: "Mode",
      default: "for",
      "x-order": 2,
    },
    length: { "x-kind": "duration", title: "Length", "x-show-if": { mode: ["for"] }, "x-order": 3 },
    until: { "x-kind": "datetime", title: "Until", "x-show-if": { mode: ["until"] }, "x-order": 4 },
    patience: { type: "number", title: "Patience", minimum: 1, default: 30, "x-order": 5 },
    loud: { type: "boolean", title: "Loud", default: false, "x-order": 6 },
    rules: { "x-kind": "conditions", title: "Rules", "x-order": 7 },
    fields: { "x-kind": "pairs", title: "Fields", "x-order": 8 },
  },
};
const KNOWN = new Map(TYPES);
for (const base of TYPES.values()) {
  KNOWN.set("odd.step", { ...base, kind: "ACTION", type: "odd.step", title: "Odd", inputSchema: SCHEMA });
}

function setup(params: Record<string, Json> = {}, problems: NodeProblem[] = [], readOnly = false) {
  const doc = new ScenarioDoc(
    graph([node("hook", "webhook.received"), node("s", "odd.step", { params })], ["hook>s"]),
  );
  const commands = new Commands(doc, () => KNOWN);
  function Shown() {
    const now = useSyncExternalStore(doc.subscribe, doc.toJSON);
    const step = now.nodes.find((one) => one.id === "s");
    return step ? (
      <Inspector
        node={step}
        graph={now}
        types={KNOWN}
        commands={commands}
        problems={problems}
        seen={new Map()}
        readOnly={readOnly}
      />
    ) : null;
  }
  render(
    <I18nProvider i18n={i18n}>
      <MantineProvider env="test">
        <Shown />
      </MantineProvider>
    </I18nProvider>,
  );
  const values = () => doc.toJSON().nodes.find((one) => one.id === "s")?.params;
  return { doc, values };
}

/** jsdom cannot type into contenteditable; the browser's own event is what the editor listens to. */
function typeInto(field: HTMLElement, text: string): void {
  field.append(text);
  fireEvent.input(field);
}

beforeEach(() => {
  i18n.load("en", messages);
  i18n.activate("en");
});

describe("the form of a step", () => {
  it("shows fields in their order, with help, and marks what must be filled in", () => {
    setup();
    const labels = [...document.querySelectorAll(".field-label")].map((one) => one.textContent);
    expect(labels.slice(0, 3)).toEqual(["Title*", "Mode", "Length"]);
    expect(screen.getByRole("textbox", { name: "Title" })).toHaveAccessibleDescription("What people see");
  });

  it("shows a field only while its condition holds, by the default too", async () => {
    const { values } = setup();
    expect(screen.queryByText("Until")).toBeNull();
    await userEvent.selectOptions(screen.getByLabelText("Mode"), "until");
    expect(values()).toEqual({ mode: "until" });
    expect(screen.getByText("Until")).toBeInTheDocument();
    expect(screen.queryByText("Length")).toBeNull();
  });

  it("writes typed words as text and digits of a number field as a number", () => {
    const { values } = setup();
    typeInto(screen.getByRole("textbox", { name: "Title" }), "Hello");
    const patience = screen.getByRole("textbox", { name: "Patience" });
    patience.textContent = "";
    typeInto(patience, "5");
    expect(values()).toEqual({ title: "Hello", patience: 5 });
  });

  it("says at once that words are not a number, and keeps them", () => {
    const { values } = setup({ patience: "soon" });
    expect(screen.getByText("This is not a number.")).toBeInTheDocument();
    expect(values()).toEqual({ patience: "soon" });
  });

  it("puts a pill into text from the keyboard: search, Enter", async () => {
    const { values } = setup({ title: "Deal " });
    await userEvent.click(screen.getByRole("button", { name: "Insert data: Title" }));
    await userEvent.type(await screen.findByRole("combobox", { name: "Find data" }), "amount{Enter}");
    expect(values()).toEqual({ title: { $text: ["Deal ", { $ref: ["hook", "body", "amount"] }] } });
    expect(screen.getByRole("textbox", { name: "Title" })).toHaveTextContent("Deal Webhook Body · amount");
  });

  it("takes a field nobody has seen yet, typed by hand", async () => {
    const { values } = setup();
    await userEvent.click(screen.getByRole("button", { name: "Insert data: Title" }));
    const search = await screen.findByRole("combobox", { name: "Find data" });
    await userEvent.type(search, "customer.city");
    const offers = screen.getAllByRole("treeitem").filter((row) => row.textContent.includes("Use the field"));
    expect(offers.length).toBeGreaterThan(0);
    const body = offers.find((row) => row.textContent.includes("body.customer.city"));
    await userEvent.click(body ?? search);
    expect(values()).toEqual({ title: { $text: [{ $ref: ["hook", "body", "customer", "city"] }] } });
  });

  it("a lone pill in a condition keeps its type, the other side becomes a number", async () => {
    const { values } = setup();
    await userEvent.click(screen.getByRole("button", { name: "Insert data: Condition 1: what is checked" }));
    await userEvent.type(await screen.findByRole("combobox", { name: "Find data" }), "amount{Enter}");
    await userEvent.selectOptions(screen.getByLabelText("Condition 1: how"), "gt");
    typeInto(screen.getByRole("textbox", { name: "Condition 1: compared with" }), "1000");
    expect(values()?.rules).toEqual({
      match: "all",
      rules: [{ left: { $ref: ["hook", "body", "amount"] }, op: "gt", right: 1000 }],
    });
  });

  it("conditions that compare with nothing have no second side", async () => {
    const { values } = setup({ rules: { match: "all", rules: [{ left: "x", op: "eq", right: "y" }] } });
    await userEvent.selectOptions(screen.getByLabelText("Condition 1: how"), "is_empty");
    expect(values()?.rules).toEqual({ match: "all", rules: [{ left: "x", op: "is_empty" }] });
    expect(screen.queryByRole("textbox", { name: "Condition 1: compared with" })).toBeNull();
  });

  it("adds, moves and removes rows of names and values", async () => {
    const { values } = setup({
      fields: [
        { name: "a", value: 1 },
        { name: "b", value: 2 },
      ],
    });
    await userEvent.click(screen.getByRole("button", { name: "Move row 2 up" }));
    await userEvent.click(screen.getByRole("button", { name: "Remove row 2" }));
    await userEvent.click(screen.getByRole("button", { name: "Add a field" }));
    expect(values()?.fields).toEqual([
      { name: "b", value: 2 },
      { name: "", value: "" },
    ]);
  });

  it("shows what the server found at the field, with the fix", () => {
    setup({}, [
      {
        message: "Title is empty.",
        fix: "Write one.",
        warning: false,
        nodeId: "s",
        path: ["params", "title"],
      },
    ]);
    const field = document.querySelector<HTMLElement>('[data-field="title"]');
    expect(within(field ?? document.body).getByText("Title is empty.")).toBeInTheDocument();
    expect(screen.getByRole("textbox", { name: "Title" })).toBeInvalid();
  });

  it("is read-only for a viewer: nothing to press, nothing to type into", () => {
    setup({ title: "Hi" }, [], true);
    expect(screen.getByRole("textbox", { name: "Title" })).toHaveAttribute("contenteditable", "false");
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByLabelText("Mode")).toBeDisabled();
  });

  it("keeps the settings of a type nobody provides", () => {
    const doc = new ScenarioDoc(graph([node("s", "gone.step", { params: { a: 1 } })]));
    const step = doc.toJSON().nodes[0];
    if (!step) throw new Error("no step");
    render(
      <I18nProvider i18n={i18n}>
        <MantineProvider env="test">
          <Inspector
            node={step}
            graph={doc.toJSON()}
            types={KNOWN}
            commands={new Commands(doc, () => KNOWN)}
            problems={[]}
            seen={new Map()}
            readOnly={false}
          />
        </MantineProvider>
      </I18nProvider>,
    );
    expect(screen.getByText(/No plugin provides the node type gone.step/)).toBeInTheDocument();
  });

  it("keeps what happens at a failure folded away, and writes only what differs from the rule", async () => {
    const { doc } = setup();
    const settings = () => doc.toJSON().nodes.find((one) => one.id === "s")?.settings;
    await userEvent.click(screen.getByText("If something goes wrong"));
    await userEvent.selectOptions(screen.getByLabelText("When this step fails"), "branch");
    expect(settings()).toEqual({ on_error: "branch" });
    await userEvent.click(screen.getByLabelText("Try again by itself"));
    expect(settings()).toMatchObject({ retry: { attempts: 3, first_seconds: 1, budget_seconds: 3600 } });
    expect(screen.getByText(/No attempt begins later than 1 hour/)).toBeInTheDocument();
    await userEvent.click(screen.getByLabelText("Try again by itself"));
    await userEvent.selectOptions(screen.getByLabelText("When this step fails"), "fail");
    expect(settings()).toBeUndefined();
  });

  it("limits how much of a step goes on at once and how often it begins, and shares it by name", async () => {
    const { doc } = setup();
    const settings = () => doc.toJSON().nodes.find((one) => one.id === "s")?.settings;
    await userEvent.click(screen.getByText("How much at once"));
    expect(screen.queryByLabelText("Shared limit")).not.toBeInTheDocument();
    await userEvent.type(screen.getByLabelText("At most at once"), "3");
    await userEvent.type(screen.getByLabelText("At most so many times"), "10");
    await userEvent.type(screen.getByLabelText("Shared limit"), "printer");
    expect(settings()).toEqual({
      limits: { name: "printer", at_once: 3, at_most: 10, per_seconds: 60 },
    });
    expect(screen.getByText("Within any 1 minute the step begins at most 10 times.")).toBeInTheDocument();
    await userEvent.clear(screen.getByLabelText("At most at once"));
    await userEvent.clear(screen.getByLabelText("At most so many times"));
    expect(settings()).toBeUndefined();
  });
});
