import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { currentAddress, frameAnswers, openApp } from "../../testing/render";

const noRuns = {
  RunList: () => ({
    runs: { __typename: "RunConnection", nodes: [], pageInfo: { endCursor: null, hasNextPage: false } },
  }),
  ScenarioNames: () => ({ scenarios: { __typename: "ScenarioConnection", nodes: [] } }),
};
const noMessages = {
  OutboxList: () => ({
    outbox: { __typename: "OutboxConnection", nodes: [], pageInfo: { endCursor: null, hasNextPage: false } },
  }),
};

test("going elsewhere moves the focus to the heading and names the tab", async () => {
  const { user } = await openApp("/runs", { ...frameAnswers(), ...noRuns, ...noMessages });
  await screen.findByRole("heading", { name: "Runs" });
  const [navigation] = screen.getAllByRole("navigation", { name: "Main navigation" });
  if (navigation) await user.click(within(navigation).getByRole("link", { name: "Outbox" }));
  const heading = await screen.findByRole("heading", { name: "Outbox" });
  expect(heading).toHaveFocus();
  expect(document.title).toBe("Outbox · Potok");
});

test("the palette finds a scenario typed on the wrong layout", async () => {
  const found = (search: string) =>
    "контакт".startsWith(search) && search !== "" ? ["Контакт добавлен"] : [];
  const { user } = await openApp("/runs", {
    ...frameAnswers(),
    ...noRuns,
    FindScenarios: ({ search }) => ({
      scenarios: {
        __typename: "ScenarioConnection",
        nodes: found(String(search)).map((title) => ({ __typename: "Scenario", id: "s9", title })),
      },
    }),
  });
  await screen.findByRole("heading", { name: "Runs" });
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: "Search" }), "rjyn");
  expect(await screen.findByRole("option", { name: /Контакт добавлен/ })).toBeInTheDocument();
});

test("the palette opens a screen by keyboard alone", async () => {
  const { user } = await openApp("/runs", { ...frameAnswers(), ...noRuns, ...noMessages });
  await screen.findByRole("heading", { name: "Runs" });
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: "Search" }), "outb{Enter}");
  await waitFor(() => expect(currentAddress()).toBe("/outbox"));
});

test("the question mark lists the shortcuts", async () => {
  const { user } = await openApp("/runs", { ...frameAnswers(), ...noRuns });
  await screen.findByRole("heading", { name: "Runs" });
  await user.keyboard("{Shift>}?{/Shift}");
  const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  expect(dialog).toHaveTextContent("Search and commands");
});

test("people and keys are only in an owner's navigation, and the address says why", async () => {
  await openApp("/keys", frameAnswers("BUILDER"));
  expect(await screen.findByRole("heading", { name: "This page is for owners" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "API keys" })).not.toBeInTheDocument();
});
