import { MantineProvider } from "@mantine/core";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { EditorView } from "@codemirror/view";
import { useState } from "react";
import { beforeEach, expect, it } from "vitest";
import { messages } from "../locales/builder.en.po";
import type { Json } from "../graph/types";
import { graph, node, TYPES } from "../testing/graphs";
import { InspectorContext } from "./context";
import { CodeField } from "./kinds/Code";

beforeEach(() => {
  i18n.load("en", messages);
  i18n.activate("en");
});

function setup(readOnly = false) {
  const told: (Json | undefined)[] = [];
  const form = {
    node: node("s", "code.python"),
    graph: graph([]),
    types: TYPES,
    sources: [],
    seen: false,
    readOnly,
    onBlur: () => undefined,
  };
  function Shown() {
    const [value, setValue] = useState<Json | undefined>("total = 1");
    const change = (next: Json | undefined) => {
      told.push(next);
      setValue(next);
    };
    return (
      <InspectorContext value={form}>
        <CodeField label="Python" value={value} onChange={change} />
        <button onClick={() => setValue("undone")}>Undo</button>
      </InspectorContext>
    );
  }
  render(
    <I18nProvider i18n={i18n}>
      <MantineProvider env="test">
        <Shown />
      </MantineProvider>
    </I18nProvider>,
  );
  const field = screen.getByRole("textbox", { name: /^Python\. Tab leaves the field/ });
  const view = EditorView.findFromDOM(field);
  if (!view) throw new Error("no editor");
  return { told, field, view };
}

it("tells what was typed, and follows what is undone elsewhere without telling it back", async () => {
  const { told, view, field } = setup();
  act(() => view.dispatch({ changes: { from: 9, insert: "0" } }));
  expect(told).toEqual(["total = 10"]);
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(field).toHaveTextContent("undone");
  expect(told).toHaveLength(1);
});

it("lets Tab leave the field, so that nobody is trapped in it", async () => {
  const { field, told } = setup();
  act(() => field.focus());
  await userEvent.tab();
  expect(screen.getByRole("button", { name: "Undo" })).toHaveFocus();
  expect(told).toEqual([]);
});

it("can be read but not changed where nobody may edit", () => {
  const { view, field } = setup(true);
  expect(view.state.readOnly).toBe(true);
  expect(field).toHaveAttribute("aria-readonly", "true");
});
