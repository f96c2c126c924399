import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { currentAddress, frameAnswers, openApp } from "../../testing/render";
import { dayStart, readWanted, toFilter } from "./wanted";

/** The first of these tests also waits for the screen's own script. */
const SLOW = { timeout: 5000 };

const stopped = {
  __typename: "ConsideredScenario",
  scenarioId: "s1",
  scenarioTitle: "Website requests",
  nodeId: "hook",
  stepTitle: "When a webhook is called",
  code: "condition",
  reason: "The start condition does not hold: amount (900) is not greater than 1000.",
  fix: "Change the condition in the trigger.",
  run: null,
  rules: [{ __typename: "RuleResult", words: "amount (900) is not greater than 1000" }],
};
const started = {
  ...stopped,
  code: "",
  reason: "",
  fix: "",
  run: { __typename: "Run", id: "r1", status: "SUCCEEDED" },
  rules: [],
};
const event = (over: object = {}) => ({
  __typename: "Event",
  id: "e1",
  kind: "webhook",
  by: "",
  createdAt: new Date().toISOString(),
  repeats: 0,
  repeatedAt: null,
  considered: [stopped],
  ...over,
});
const answers = (
  nodes: object[],
  more: { endCursor: string | null; hasNextPage: boolean } | null = null,
) => ({
  ...frameAnswers(),
  EventList: () => ({
    events: {
      __typename: "EventConnection",
      nodes,
      pageInfo: { __typename: "PageInfo", ...(more ?? { endCursor: null, hasNextPage: false }) },
    },
  }),
  EventDetail: ({ id }: Record<string, unknown>) => ({
    event:
      nodes
        .map((one) => ({ ...one, payload: { body: { amount: 900 } } }))
        .find((one) => "id" in one && one.id === id) ?? null,
  }),
  ScenarioNames: () => ({
    scenarios: {
      __typename: "ScenarioConnection",
      nodes: [{ __typename: "Scenario", id: "s1", title: "Website requests" }],
    },
  }),
  ScenarioState: () => ({
    scenario: {
      __typename: "Scenario",
      id: "s1",
      title: "Website requests",
      enabled: false,
      published: { __typename: "ScenarioVersion", id: "v1" },
    },
  }),
});

test("a row says in words why nothing was started, and how often it came again", async () => {
  await openApp("/events", answers([event({ repeats: 2 })]));
  const row = within(await screen.findByRole("list", { name: "Events" }, SLOW)).getByRole("link");
  expect(row).toHaveTextContent("Webhook");
  expect(row).toHaveTextContent("Website requests");
  expect(row).toHaveTextContent("Not started: amount (900) is not greater than 1000");
  expect(row).toHaveTextContent("Came again 2 times; a repeat starts nothing.");
});

test("the panel shows the data, the rules, and opens the condition itself", async () => {
  const { user } = await openApp(
    "/events",
    answers([event({ id: "e2", considered: [started] }), event({ kind: "manual", by: "Anna" })]),
  );
  const panel = await screen.findByRole("article", { name: "Event" });
  expect(await within(panel).findByRole("link", { name: "Open the run" })).toHaveAttribute(
    "href",
    "/runs/r1",
  );
  await user.click(screen.getByRole("link", { name: /By hand: Anna/ }));
  expect(currentAddress()).toBe("/events?event=e1");
  const shown = await screen.findByRole("article", { name: "Event" });
  expect(await within(shown).findByText("amount (900) is not greater than 1000")).toBeVisible();
  expect(await within(shown).findByText("900")).toBeInTheDocument();
  expect(within(shown).getByRole("link", { name: "Open the condition" })).toHaveAttribute(
    "href",
    "/scenarios/s1?step=hook",
  );
});

test("the filters stand in the address and reach the server", async () => {
  const { user, server } = await openApp("/events?outcome=stopped&scenario=s1", answers([event()]));
  await screen.findByRole("list", { name: "Events" });
  expect(await screen.findByText(/This scenario is switched off/)).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: "Words in the data" }), "anna");
  await user.selectOptions(screen.getByRole("combobox", { name: "What came in" }), "webhook");
  await expect.poll(currentAddress).toBe("/events?outcome=stopped&scenario=s1&kind=webhook&text=anna");
  await expect
    .poll(() => server.sent.filter((one) => one.name === "EventList").at(-1)?.variables.filter)
    .toEqual({ scenarioId: "s1", outcome: "STOPPED", kind: "WEBHOOK", text: "anna", from: null, to: null });
  await user.click(screen.getByRole("button", { name: "Show everything" }));
  await expect.poll(currentAddress).toBe("/events");
});

test("an empty house says what will appear here; a scenario nothing reached says where to look", async () => {
  await openApp("/events", answers([]));
  expect(await screen.findByRole("heading", { name: "Nothing has happened yet" })).toBeVisible();
});

test("a scenario nothing reached says where to look", async () => {
  await openApp("/events?scenario=s1", answers([]));
  expect(await screen.findByText(/it never arrived here/)).toBeVisible();
});

test("a search that is not through yet offers to go on instead of saying that there is nothing", async () => {
  await openApp("/events?text=x", answers([], { endCursor: "c", hasNextPage: true }));
  expect(await screen.findByRole("button", { name: "Show more" })).toBeVisible();
  expect(screen.queryByRole("heading", { name: "No such events" })).toBeNull();
});

test("an event that is gone is said to be gone", async () => {
  await openApp("/events?event=e9", answers([]));
  expect(await screen.findByText(/There is no such event/)).toBeVisible();
});

test("the runs and the scenarios lead to the reasons", async () => {
  const { user } = await openApp("/runs?scenario=s1", {
    ...answers([event()]),
    RunList: () => ({
      runs: {
        __typename: "RunConnection",
        nodes: [],
        pageInfo: { __typename: "PageInfo", endCursor: null, hasNextPage: false },
      },
    }),
  });
  await user.click(await screen.findByRole("link", { name: "Why did it not run?" }));
  expect(currentAddress()).toBe("/events?outcome=stopped&scenario=s1");
  expect(await screen.findByRole("list", { name: "Events" })).toBeVisible();
});

test("days are those of the reader's calendar, whole ones, and nonsense is no bound", () => {
  expect(dayStart("2026-11-24", 0)).toBe(new Date(2026, 10, 24).toISOString());
  expect(dayStart("2026-11-30", 1)).toBe(new Date(2026, 11, 1).toISOString());
  expect(dayStart("soon", 0)).toBeNull();
  const wanted = readWanted(new URLSearchParams("outcome=maybe&kind=moon&to=2026-11-24"));
  expect(toFilter(wanted)).toEqual({
    scenarioId: null,
    outcome: null,
    kind: null,
    text: null,
    from: null,
    to: dayStart("2026-11-24", 1),
  });
});
