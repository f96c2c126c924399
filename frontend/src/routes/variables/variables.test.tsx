import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { frameAnswers, openApp } from "../../testing/render";
import { meant, shown } from "./values";

const variable = (over: object = {}) => ({
  __typename: "Variable",
  id: "workspace:tax",
  name: "tax",
  kind: "NUMBER",
  value: "12345678901234567890.5",
  scenarioId: null,
  scenarioTitle: "",
  updatedAt: "2026-11-24T09:00:00Z",
  updatedByRun: null,
  updatedBy: "Anna Petrova",
  ...over,
});
const list = (...nodes: object[]) => ({
  VariableList: () => ({
    variables: {
      __typename: "VariableConnection",
      nodes,
      pageInfo: { __typename: "PageInfo", endCursor: null, hasNextPage: false },
    },
  }),
});

test("the list tells what each holds, whose it is and who changed it", async () => {
  const counted = { id: "s1:orders", name: "orders", value: 3, scenarioId: "s1", scenarioTitle: "Orders" };
  await openApp("/variables", {
    ...frameAnswers(),
    ...list(variable(), variable({ ...counted, updatedByRun: "r1", updatedBy: null })),
  });
  const found = await screen.findByRole("list", { name: "Variables" }, { timeout: 5_000 });
  const items = within(found).getAllByRole("listitem");
  expect(items[0]).toHaveTextContent(/tax.*number · all scenarios.*12345678901234567890\.5.*Anna Petrova/);
  expect(items[1]).toHaveTextContent(/orders.*number · Orders.*3/);
  expect(within(found).getByRole("link", { name: "by a run" })).toHaveAttribute("href", "/runs/r1");
});

test("a number is sent as it was typed, and data that are no JSON are not sent", async () => {
  const { user, server } = await openApp("/variables", {
    ...frameAnswers(),
    ...list(variable(), variable({ id: "workspace:d", name: "d", kind: "JSON", value: { a: 1 } })),
    SetVariable: () => ({
      setVariable: { __typename: "VariablePayload", variable: variable(), problems: [] },
    }),
  });
  await user.click(await screen.findByRole("button", { name: "Change “d”" }, { timeout: 5_000 }));
  const value = await screen.findByRole("textbox", { name: "Value" });
  expect(value).toHaveValue('{"a":1}');
  await user.type(value, "x");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/This is not JSON/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Cancel" }));

  await user.click(screen.getByRole("button", { name: "Change “tax”" }));
  const number = await screen.findByRole("textbox", { name: "Value" });
  await user.clear(number);
  await user.type(number, "0.10");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent.some((one) => one.name === "SetVariable")).toBe(true));
  expect(server.sent.filter((one) => one.name === "SetVariable").map((one) => one.variables)).toEqual([
    { input: { name: "tax", kind: "NUMBER", value: "0.10", scenarioId: null } },
  ]);
});

test("deleting asks first", async () => {
  const { user, server } = await openApp("/variables", {
    ...frameAnswers(),
    ...list(variable()),
    DeleteVariable: () => ({ deleteVariable: { __typename: "DonePayload", done: true, problems: [] } }),
  });
  await user.click(await screen.findByRole("button", { name: "Delete “tax”" }, { timeout: 5_000 }));
  expect(server.sent.some((one) => one.name === "DeleteVariable")).toBe(false);
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(server.sent.some((one) => one.name === "DeleteVariable")).toBe(true));
});

test("builders are told that the page is for owners", async () => {
  await openApp("/variables", frameAnswers("BUILDER"));
  expect(await screen.findByText("This page is for owners", {}, { timeout: 5_000 })).toBeVisible();
});

test("values survive the way to the form and back", () => {
  expect(shown({ kind: "TEXT", value: "true" })).toBe("true");
  expect(shown({ kind: "JSON", value: "text" })).toBe('"text"');
  expect(meant("JSON", '"text"')).toEqual({ value: "text" });
  expect(meant("BOOLEAN", "false")).toEqual({ value: false });
  expect(meant("JSON", "{")).toBeNull();
});
