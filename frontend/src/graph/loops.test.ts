import { describe, expect, it } from "vitest";
import { Commands } from "./commands";
import { ScenarioDoc } from "./doc";
import { loopBodies } from "./loops";
import { pillSources } from "./pills";
import { portsOf } from "./ports";
import { graph, node, TYPES as PLAIN } from "../testing/graphs";
import { edgeId, type NodeType } from "./types";

const MAIL = PLAIN.get("mail.send");
if (!MAIL) throw new Error("mail.send");
const LOOP: NodeType = {
  ...MAIL,
  type: "flow.loop",
  title: "For each",
  ports: [
    { id: "item", title: "For each item" },
    { id: "done", title: "Done" },
  ],
  outputSchema: {
    type: "object",
    properties: {
      item: { title: "Item (inside the loop)" },
      index: { type: "integer", title: "Number (inside the loop)" },
      items: { type: "array", title: "Results (after the loop)" },
      count: { type: "integer", title: "How many (after the loop)" },
    },
  },
  sample: { item: {}, index: 0, items: [], count: 1 },
};
const TYPES = new Map([...PLAIN, [LOOP.type, LOOP]]);
const SCENARIO = graph(
  [
    node("hook", "webhook.received"),
    node("each", "flow.loop", { params: { items: { $ref: ["hook", "body", "items"] } } }),
    node("inner", "mail.send"),
    node("deep", "mail.send"),
    node("after", "mail.send"),
  ],
  ["hook>each", "each:item>inner", "inner>deep", "each:done>after"],
);
const labels = (id: string) =>
  pillSources(SCENARIO, TYPES, id)
    .find((source) => source.node.id === "each")
    ?.root.children.map((pill) => [pill.label, pill.children.map((child) => child.label)]);

describe("loops", () => {
  it("hold what follows the way of the item and no other", () => {
    expect(loopBodies(SCENARIO)).toEqual(new Map([["each", new Set(["inner", "deep"])]]));
    const shared = {
      ...SCENARIO,
      edges: [...SCENARIO.edges, { source: "after", port: "out", target: "deep" }],
    };
    expect(loopBodies(shared).get("each")).toEqual(new Set(["inner"]));
  });

  it("offer the item with its fields inside, what became of all of them after", () => {
    expect(labels("deep")).toEqual([
      ["Item", ["sku"]],
      ["Number", []],
    ]);
    expect(labels("after")?.map(([label]) => label)).toEqual(["Results", "How many"]);
  });
});

describe("what happens when a step fails", () => {
  const doc = new ScenarioDoc(SCENARIO);
  const commands = new Commands(doc, () => TYPES);
  const inner = () => doc.toJSON().nodes.find((one) => one.id === "inner") ?? node("", "");

  it("gives a step another way out, which takes its wires with it when it goes", () => {
    commands.setSetting("inner", "on_error", "branch");
    expect(portsOf(inner(), MAIL).map((port) => port.id)).toEqual(["out", "error"]);
    expect(commands.connect({ source: "inner", port: "error", target: "deep" })).toBeNull();
    commands.setSetting("inner", "on_error", undefined);
    expect(inner()).not.toHaveProperty("settings");
    expect(doc.toJSON().edges.map(edgeId)).not.toContain("inner:error:deep");
    doc.history.undo();
    expect(doc.toJSON().edges.map(edgeId)).toContain("inner:error:deep");
    expect(inner().settings).toEqual({ on_error: "branch" });
  });

  it("offers the error to the steps on that way", () => {
    const way = graph(
      [
        node("hook", "webhook.received"),
        node("a", "mail.send", { settings: { on_error: "branch" } }),
        node("b", "mail.send"),
      ],
      ["hook>a", "a:error>b"],
    );
    const [source] = pillSources(way, TYPES, "b");
    expect(source?.root.children.map((pill) => pill.label)).toEqual(["error", "input"]);
  });
});
