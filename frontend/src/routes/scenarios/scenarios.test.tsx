import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { currentAddress, frameAnswers, openApp } from "../../testing/render";
import { fileNameFor } from "./useExport";

const row = (over: object = {}) => ({
  __typename: "Scenario",
  id: "s1",
  title: "Website requests",
  enabled: true,
  updatedAt: new Date().toISOString(),
  draftChanged: true,
  published: { __typename: "ScenarioVersion", id: "v3", number: 3 },
  runCounts: { __typename: "RunCounts", succeeded: 4, failed: 1, open: 0 },
  lastRun: { __typename: "Run", id: "r1", status: "FAILED", createdAt: new Date().toISOString() },
  ...over,
});
const list = (...nodes: object[]) => ({
  ScenarioList: () => ({
    scenarios: {
      __typename: "ScenarioConnection",
      nodes,
      pageInfo: { __typename: "PageInfo", endCursor: null, hasNextPage: false },
    },
  }),
});

test("a row tells the version, unpublished changes, runs and failures", async () => {
  await openApp("/scenarios", { ...frameAnswers(), ...list(row()) });
  const item = within(await screen.findByRole("list", { name: "Scenarios" })).getByRole("listitem");
  expect(item).toHaveTextContent("Version 3");
  expect(item).toHaveTextContent("changes not published");
  expect(item).toHaveTextContent("5 runs, 1 failed");
  expect(within(item).getByRole("link", { name: "Website requests" })).toHaveAttribute(
    "href",
    "/scenarios/s1",
  );
});

test("an empty list starts the work", async () => {
  const { user, server } = await openApp("/scenarios", {
    ...frameAnswers(),
    ...list(),
    CreateScenario: () => ({
      createScenario: {
        __typename: "ScenarioPayload",
        scenario: null,
        problems: [
          {
            __typename: "Problem",
            code: "x",
            message: "No room.",
            fix: "",
            severity: "ERROR",
            nodeId: null,
            path: [],
          },
        ],
      },
    }),
  });
  await screen.findByRole("heading", { name: "No scenarios yet" });
  const [button] = screen.getAllByRole("button", { name: "Build a scenario" });
  if (button) await user.click(button);
  expect(await screen.findByRole("alert")).toHaveTextContent("No room.");
  expect(server.sent.filter((one) => one.name === "CreateScenario")).toHaveLength(1);
});

test("the switch turns a scenario off and says so when the server refuses", async () => {
  const { user, server } = await openApp("/scenarios", {
    ...frameAnswers(),
    ...list(row()),
    SetScenarioEnabled: () => ({
      setScenarioEnabled: {
        __typename: "ScenarioPayload",
        scenario: null,
        problems: [
          {
            __typename: "Problem",
            code: "x",
            message: "Not now.",
            fix: "",
            severity: "ERROR",
            nodeId: null,
            path: [],
          },
        ],
      },
    }),
  });
  const onOff = await screen.findByRole("switch", { name: "Website requests: on or off" });
  await user.click(onOff);
  expect(server.sent.at(-1)).toMatchObject({
    name: "SetScenarioEnabled",
    variables: { id: "s1", enabled: false },
  });
  expect(await screen.findByRole("alert")).toHaveTextContent("Not now.");
  await waitFor(() => expect(onOff).toBeChecked());
});

test("deleting asks first and names the scenario", async () => {
  let nodes = [row()];
  const { user, server } = await openApp("/scenarios", {
    ...frameAnswers(),
    ScenarioList: () => list(...nodes).ScenarioList(),
    DeleteScenario: () => {
      nodes = [];
      return { deleteScenario: { __typename: "DonePayload", done: true, problems: [] } };
    },
  });
  await user.click(await screen.findByRole("button", { name: "Actions of “Website requests”" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete…" }));
  expect(server.sent.some((one) => one.name === "DeleteScenario")).toBe(false);
  const dialog = await screen.findByRole("dialog", { name: "Delete “Website requests”?" });
  await user.click(within(dialog).getByRole("button", { name: "Delete" }));
  expect(await screen.findByRole("heading", { name: "No scenarios yet" })).toBeInTheDocument();
});

test("a viewer sees the list and no controls to change it", async () => {
  await openApp("/scenarios", { ...frameAnswers("VIEWER"), ...list(row()) });
  await screen.findByRole("link", { name: "Website requests" });
  expect(screen.queryByRole("switch")).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Build a scenario" })).not.toBeInTheDocument();
  expect(screen.getByText(/ask an owner for the builder role/)).toBeInTheDocument();
});

test("text that cannot be imported stays in the field beside its problem", async () => {
  const { user } = await openApp("/scenarios?import", {
    ...frameAnswers(),
    ...list(row()),
    ImportScenario: () => ({
      importScenario: {
        __typename: "ScenarioPayload",
        scenario: null,
        problems: [
          {
            __typename: "Problem",
            code: "x",
            message: "Line 2 is not YAML.",
            fix: "",
            severity: "ERROR",
            nodeId: null,
            path: [],
          },
        ],
      },
    }),
  });
  const field = await screen.findByLabelText("Text of the scenario");
  await user.type(field, "format: nonsense");
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Import" }));
  expect(await screen.findByText("Line 2 is not YAML.")).toBeInTheDocument();
  expect(field).toHaveValue("format: nonsense");
  expect(currentAddress()).toBe("/scenarios?import");
});

test("a file name keeps the letters of the title", () => {
  expect(fileNameFor("Заявки с сайта (новые)")).toBe("заявки-с-сайта-новые.potok.yaml");
  expect(fileNameFor("???")).toBe("scenario.potok.yaml");
});
