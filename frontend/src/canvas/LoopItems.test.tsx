import { screen, waitFor } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { beforeEach, describe, expect, it } from "vitest";
import { Commands } from "../graph/commands";
import { ScenarioDoc } from "../graph/doc";
import { graph, node, TYPES } from "../testing/graphs";
import { frameAnswers, openPart } from "../testing/render";
import { BuilderContext } from "./builder";
import { beside, isNested, loopOf, numberOf, useItems } from "./items";
import { LoopItems } from "./LoopItems";
import { StepData } from "./StepData";
import type { RunDetail } from "./useRuns";

const GRAPH = graph(
  [node("hook", "webhook.received"), node("loop", "flow.loop"), node("send", "mail.send")],
  ["hook>loop", "loop:item>send"],
);
const COUNTS = { items: 100, done: 97, failed: 3, running: 0 };
const FAILED = [[4], [40], [41]];

function step(part: Partial<RunDetail["steps"][number]>): RunDetail["steps"][number] {
  return {
    nodeId: "loop",
    nodeType: "flow.loop",
    title: "Loop",
    status: "DONE",
    port: null,
    attempt: 1,
    input: null,
    output: null,
    error: null,
    startedAt: null,
    finishedAt: null,
    waitsUntil: null,
    counts: null,
    explains: [],
    calledRunId: null,
    undoing: false,
    shortened: false,
    ...part,
  };
}

async function setup(nodeId: string) {
  const doc = new ScenarioDoc(GRAPH);
  const builder = {
    doc,
    commands: new Commands(doc, () => TYPES),
    graph: GRAPH,
    types: TYPES,
    groups: [],
    readOnly: true,
    problems: new Map(),
    overlay: null,
  };
  return openPart(
    <MemoryRouter>
      <BuilderContext value={builder}>
        <LoopItems runId="r1" loop="loop" nodeId={nodeId} counts={COUNTS} />
      </BuilderContext>
    </MemoryRouter>,
    {
      ...frameAnswers("VIEWER"),
      ItemPaths: () => ({
        stepItems: {
          __typename: "StepItemConnection",
          nodes: FAILED.map((path) => ({ __typename: "StepItem", path })),
          pageInfo: { __typename: "PageInfo", endCursor: "c", hasNextPage: false },
        },
      }),
      ItemData: ({ path }) => ({
        stepItems: {
          __typename: "StepItemConnection",
          nodes:
            String(path) === "7"
              ? []
              : [
                  {
                    __typename: "StepItem",
                    path,
                    step: { __typename: "Step", ...step({ input: `item ${String(path)}`, output: "gone" }) },
                  },
                ],
        },
      }),
    },
  );
}

beforeEach(() => useItems.setState({ chosen: {} }));

describe("the items of a loop in a run", () => {
  it("begins with the first that failed and steps to the next failed one", async () => {
    const { user } = await setup("loop");
    expect(await screen.findByText("item 4")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Next failed item" }));
    expect(await screen.findByText("item 40")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Previous failed item" }));
    expect(await screen.findByText("item 4")).toBeInTheDocument();
  });

  it("goes through all of them by number, and never asks for more than one", async () => {
    const { user, server } = await setup("send");
    await user.selectOptions(await screen.findByRole("combobox", { name: "Which items" }), "all");
    await user.click(screen.getByRole("button", { name: "Next item" }));
    expect(await screen.findByText("item 5")).toBeInTheDocument();
    const number = screen.getByRole("textbox", { name: "Number of the item" });
    await user.clear(number);
    await user.type(number, "8");
    expect(await screen.findByText("The step has done nothing for this item.")).toBeInTheDocument();
    const asked = server.sent.filter((one) => one.name === "ItemData");
    expect(asked.every((one) => one.variables.nodeId === "send")).toBe(true);
  });

  it("keeps the item when another step of the loop is opened", async () => {
    useItems.getState().choose("r1", "loop", [41]);
    await setup("send");
    expect(await screen.findByText("item 41")).toBeInTheDocument();
  });

  it("tells how many went well and badly in the step's own data", async () => {
    await openPart(
      <MemoryRouter>
        <StepData step={step({ counts: COUNTS })} payload={null} />
      </MemoryRouter>,
      frameAnswers("VIEWER"),
    );
    await waitFor(() => expect(screen.getByText("97 of 100, 3 failed")).toBeInTheDocument());
  });
});

describe("the place of an item", () => {
  const nested = graph(
    [node("a", "flow.loop"), node("b", "flow.loop"), node("c", "mail.send"), node("d", "mail.send")],
    ["a:item>b", "b:item>c", "b:done>d"],
  );

  it("belongs to the innermost loop", () => {
    expect(loopOf(nested, "c")).toBe("b");
    expect(loopOf(nested, "d")).toBe("a");
    expect(loopOf(nested, "b")).toBe("b");
    expect([isNested(nested, "a"), isNested(nested, "b")]).toEqual([false, true]);
  });

  it("is counted from one, and found between others", () => {
    expect(numberOf([1, 4])).toBe("2.5");
    expect(numberOf([-1, 0])).toBe("1");
    expect(beside(FAILED, [10], 1)).toEqual([40]);
    expect(beside(FAILED, [10], -1)).toEqual([4]);
    expect(beside(FAILED, [41], 1)).toBeUndefined();
  });
});
