import { beforeEach, describe, expect, it, vi } from "vitest";
import { Commands } from "./commands";
import { copyText } from "./clip";
import { normalise, ScenarioDoc } from "./doc";
import { graph, node, TYPES } from "../testing/graphs";
import { edgeId, type GraphJson, type NodeType } from "./types";

const wires = (doc: ScenarioDoc) => doc.toJSON().edges.map(edgeId).sort();
const typeOf = (id: string): NodeType => {
  const type = TYPES.get(id);
  if (!type) throw new Error(id);
  return type;
};

function open(source: GraphJson) {
  const doc = new ScenarioDoc(source);
  return { doc, commands: new Commands(doc, () => TYPES) };
}

const CHAIN = graph(
  [
    node("hook", "webhook.received"),
    node("mid", "data.set_fields", { title: "Call", position: { x: 400, y: 0 } }),
    node("mail", "mail.send", { position: { x: 800, y: 0 } }),
  ],
  ["hook>mid", "mid>mail"],
);

describe("the document", () => {
  it("gives back exactly the JSON it was opened with, order included", () => {
    const source = graph(
      [
        node("z", "logic.if", { params: { conditions: { match: "any", rules: [] } } }),
        node("a", "mail.send"),
      ],
      ["z:true>a", "z:false>a"],
    );
    expect(new ScenarioDoc(source).toJSON()).toEqual(source);
  });

  it("fills in what a scenario written by hand leaves out", () => {
    expect(
      normalise({ nodes: [{ id: "a", type: "mail.send" }], edges: [{ source: "a", target: "b" }] }),
    ).toEqual({
      format: "potok/1",
      title: "",
      nodes: [node("a", "mail.send")],
      edges: [{ source: "a", port: "out", target: "b" }],
    });
  });

  it("carries settings and keys it does not know through editing, copying and undo, untouched", () => {
    const source = {
      ...CHAIN,
      owner: { team: ["a", null] },
      nodes: CHAIN.nodes.map((one) => ({ ...one, settings: { on_error: "branch" }, colour: { deep: [1] } })),
      edges: CHAIN.edges.map((edge) => ({ ...edge, label: null })),
    };
    const { doc, commands } = open(normalise(source));
    expect(doc.toJSON()).toEqual(source);
    commands.renameNode("mid", "Other");
    commands.remove(["hook"]);
    doc.history.undo();
    doc.history.undo();
    expect(doc.toJSON()).toEqual(source);
    const [copy] = commands.paste(copyText(doc.toJSON(), new Set(["mid"])), { x: 8, y: 8 }) ?? [];
    expect(doc.toJSON().nodes.find((one) => one.id === copy)).toMatchObject({
      settings: { on_error: "branch" },
      colour: { deep: [1] },
    });
  });

  it("keeps the identity of steps that did not change, so the canvas need not draw them again", () => {
    const { doc, commands } = open(CHAIN);
    const before = doc.toJSON().nodes;
    commands.renameNode("mid", "Other");
    const after = doc.toJSON().nodes;
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
});

describe("deleting", () => {
  it("a middle step heals the wire, and undo restores step and both wires", () => {
    const { doc, commands } = open(CHAIN);
    commands.remove(["mid"]);
    expect(wires(doc)).toEqual(["hook:out:mail"]);
    expect(doc.history.undo()).toEqual({ verb: "remove", name: "Call", count: 1 });
    expect(doc.toJSON()).toEqual(CHAIN);
  });

  it("a condition with both branches used heals through its first way only", () => {
    const { doc, commands } = open(
      graph(
        [
          node("hook", "webhook.received"),
          node("if", "logic.if"),
          node("a", "mail.send"),
          node("b", "mail.send"),
        ],
        ["hook>if", "if:true>a", "if:false>b"],
      ),
    );
    commands.remove(["if"]);
    expect(wires(doc)).toEqual(["hook:out:a"]);
  });

  it("several neighbours heals across all of them without doubling wires", () => {
    const { doc, commands } = open(
      graph(
        ["h", "a", "b", "c", "d"].map((id) => node(id, id === "h" ? "webhook.received" : "mail.send")),
        ["h>a", "a>b", "b>c", "c>d", "h>d"],
      ),
    );
    commands.remove(["a", "b", "c"]);
    expect(wires(doc)).toEqual(["h:out:d"]);
  });

  it("wires and steps together is one entry", () => {
    const { doc, commands } = open(CHAIN);
    commands.remove(["mail"], [{ source: "hook", port: "out", target: "mid" }]);
    expect(wires(doc)).toEqual([]);
    doc.history.undo();
    expect(doc.toJSON()).toEqual(CHAIN);
  });
});

describe("adding", () => {
  it("after a port lands connected", () => {
    const { doc, commands } = open(CHAIN);
    const id = commands.addNode(
      typeOf("mail.send"),
      { x: 3, y: 5 },
      { after: { source: "mail", port: "out" } },
    );
    expect(wires(doc)).toContain(`mail:out:${id}`);
    expect(doc.toJSON().nodes.at(-1)?.position).toEqual({ x: 0, y: 8 });
  });

  it("on a wire inserts and makes room for what follows", () => {
    const { doc, commands } = open(CHAIN);
    const id = commands.addNode(
      typeOf("logic.if"),
      { x: 440, y: 0 },
      { on: { source: "mid", port: "out", target: "mail" } },
    );
    expect(wires(doc)).toEqual(["hook:out:mid", `mid:out:${id}`, `${id}:true:mail`].sort());
    expect(doc.toJSON().nodes.find((n) => n.id === "mail")?.position.x).toBeGreaterThanOrEqual(440 + 264);
    doc.history.undo();
    expect(doc.toJSON()).toEqual(CHAIN);
  });

  it("never wires into a trigger", () => {
    const { doc, commands } = open(CHAIN);
    commands.addNode(typeOf("webhook.received"), { x: 0, y: 0 }, { after: { source: "mail", port: "out" } });
    expect(wires(doc)).toEqual(wires(new ScenarioDoc(CHAIN)));
  });

  it("is born with the defaults of its type", () => {
    const { doc, commands } = open(CHAIN);
    const id = commands.addNode(typeOf("logic.if"), { x: 0, y: 0 });
    expect(doc.toJSON().nodes.find((n) => n.id === id)?.params).toEqual({
      conditions: { match: "all", rules: [] },
    });
  });
});

describe("connecting", () => {
  it.each([
    ["itself", { source: "mid", port: "out", target: "mid" }, "self"],
    ["a step before it", { source: "mail", port: "out", target: "mid" }, "cycle"],
    ["the same way twice", { source: "hook", port: "out", target: "mid" }, "duplicate"],
    ["into a trigger", { source: "mid", port: "out", target: "hook" }, "trigger"],
    ["from a way that is not there", { source: "mid", port: "nope", target: "mail" }, "port"],
  ])("%s is refused with the reason", (_name, edge, reason) => {
    const { doc, commands } = open(CHAIN);
    expect(commands.connect(edge)).toBe(reason);
    expect(doc.toJSON()).toEqual(CHAIN);
    expect(doc.history.undoDepth).toBe(0);
  });

  it("a wire's end may move, and a refused move changes nothing", () => {
    const { doc, commands } = open(CHAIN);
    const old = { source: "mid", port: "out", target: "mail" };
    expect(commands.reconnect(old, { ...old, target: "hook" })).toBe("trigger");
    expect(commands.reconnect(old, { source: "hook", port: "out", target: "mail" })).toBeNull();
    expect(wires(doc)).toEqual(["hook:out:mail", "hook:out:mid"]);
  });
});

describe("paste", () => {
  it("gives new ids, keeps inner wires and lets inner pills follow", () => {
    const source = graph(
      [
        node("a", "data.set_fields"),
        node("b", "mail.send", { params: { text: { $text: ["x ", { $ref: ["a", "n"] }] } } }),
      ],
      ["a>b"],
    );
    const { doc, commands } = open(CHAIN);
    const ids = commands.paste(copyText(source, new Set(["a", "b"])), { x: 10, y: 10 });
    expect(ids).toHaveLength(2);
    const [a, b] = ids ?? [];
    expect(wires(doc)).toContain(`${a ?? ""}:out:${b ?? ""}`);
    expect(doc.toJSON().nodes.at(-1)?.params).toEqual({ text: { $text: ["x ", { $ref: [a, "n"] }] } });
  });

  it("of any other text does nothing", () => {
    const { doc, commands } = open(CHAIN);
    expect(commands.paste("hello", { x: 0, y: 0 })).toBeNull();
    expect(commands.paste('{"format":"potok/1","nodes":[]}', { x: 0, y: 0 })).toBeNull();
    expect(doc.toJSON()).toEqual(CHAIN);
  });
});

describe("replacing a step", () => {
  it("keeps the place and the wires", () => {
    const { doc, commands } = open(CHAIN);
    const id = commands.replace("mid", typeOf("logic.if")) ?? "";
    expect(wires(doc)).toEqual([`${id}:true:mail`, `hook:out:${id}`].sort());
    expect(doc.toJSON().nodes.find((n) => n.id === id)?.position).toEqual({ x: 400, y: 0 });
  });

  it("refuses a trigger in the middle", () => {
    expect(open(CHAIN).commands.replace("mid", typeOf("webhook.received"))).toBeNull();
  });
});

describe("a removed path of a switch", () => {
  it("takes its wires along, in one entry", () => {
    const cases = [
      { id: "c1", title: "Big" },
      { id: "c2", title: "Small" },
    ];
    const source = graph(
      [node("s", "logic.switch", { params: { cases } }), node("a", "mail.send")],
      ["s:c1>a", "s:c2>a", "s:else>a"],
    );
    const { doc, commands } = open(source);
    commands.setParam("s", "cases", cases.slice(0, 1));
    expect(wires(doc)).toEqual(["s:c1:a", "s:else:a"]);
    doc.history.undo();
    expect(doc.toJSON()).toEqual(source);
  });
});

describe("history", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it("groups typing in one field by a second of rest, and ends it at blur", () => {
    const { doc, commands } = open(CHAIN);
    for (const text of ["H", "He", "Hey"]) commands.setParam("mail", "text", text);
    expect(doc.history.undoDepth).toBe(1);
    vi.advanceTimersByTime(1001);
    commands.setParam("mail", "text", "Hey!");
    expect(doc.history.undoDepth).toBe(2);
    doc.history.endTyping();
    commands.setParam("mail", "text", "Hey!!");
    expect(doc.history.undoDepth).toBe(3);
    doc.history.undo();
    doc.history.undo();
    expect(doc.toJSON().nodes[2]?.params).toEqual({ text: "Hey" });
  });

  it("does not mix two fields", () => {
    const { doc, commands } = open(CHAIN);
    commands.setParam("mail", "text", "a");
    commands.setParam("mail", "subject", "b");
    doc.history.undo();
    expect(doc.toJSON().nodes[2]?.params).toEqual({ text: "a" });
  });

  it("ignores gestures that change nothing", () => {
    const { doc, commands } = open(CHAIN);
    commands.moveNodes(new Map([["mid", { x: 400, y: 0 }]]));
    commands.setParam("mid", "x", undefined);
    commands.renameNode("mid", "Call");
    commands.remove([]);
    expect(doc.history.undoDepth).toBe(0);
  });

  it("never undoes what came from another person or from opening", () => {
    const { doc, commands } = open(CHAIN);
    commands.renameNode("mid", "Mine");
    doc.doc.transact(() => doc.nodes.get("mail")?.set("title", "Theirs"), "remote");
    doc.history.undo();
    expect(doc.toJSON().nodes.map((n) => n.title)).toEqual(["", "Call", "Theirs"]);
    expect(doc.history.undo()).toBeNull();
  });

  it("undoes and redoes any sequence of 600 random gestures exactly", () => {
    const { doc, commands } = open(CHAIN);
    const random = seeded(7);
    const states = [doc.toJSON()];
    while (doc.history.undoDepth < 600) {
      vi.advanceTimersByTime(1500);
      gesture(doc, commands, random);
      if (doc.history.undoDepth === states.length) states.push(doc.toJSON());
    }
    for (let i = states.length - 2; i >= 0; i--) {
      expect(doc.history.undo()).not.toBeNull();
      expect(sorted(doc.toJSON())).toEqual(sorted(states[i]));
    }
    for (let i = 1; i < states.length; i++) {
      expect(doc.history.redo()).not.toBeNull();
      expect(sorted(doc.toJSON())).toEqual(sorted(states[i]));
    }
  });

  it("holds random gestures to the rules: no wire without ends, none into a trigger, no circle", () => {
    const { doc, commands } = open(CHAIN);
    const random = seeded(11);
    for (let i = 0; i < 400; i++) {
      vi.advanceTimersByTime(1500);
      gesture(doc, commands, random);
      const now = doc.toJSON();
      const at = new Map(now.nodes.map((n) => [n.id, n]));
      for (const edge of now.edges) {
        expect(at.has(edge.source) && at.has(edge.target)).toBe(true);
        expect(at.get(edge.target)?.type).not.toBe("webhook.received");
      }
      expect(isAcyclic(now)).toBe(true);
    }
  });
});

function sorted(state: GraphJson | undefined) {
  return { nodes: state?.nodes, edges: state?.edges.map(edgeId) };
}

function seeded(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * below);
  };
}

function isAcyclic({ nodes, edges }: GraphJson): boolean {
  const left = new Set(nodes.map((n) => n.id));
  for (;;) {
    const free = [...left].filter((id) => !edges.some((e) => e.target === id && left.has(e.source)));
    if (free.length === 0) return left.size === 0;
    free.forEach((id) => left.delete(id));
  }
}

function gesture(doc: ScenarioDoc, commands: Commands, random: (below: number) => number): void {
  const { nodes, edges } = doc.toJSON();
  const types = [...TYPES.values()];
  const any = nodes[random(nodes.length)];
  const other = nodes[random(nodes.length)];
  const edge = edges[random(Math.max(1, edges.length))];
  const type = types[random(types.length)];
  if (!type) return;
  const place = { x: random(100) * 8, y: random(100) * 8 };
  switch (random(10)) {
    case 0:
      commands.addNode(type, place);
      break;
    case 1:
      if (any) commands.addNode(type, place, { after: { source: any.id, port: "out" } });
      break;
    case 2:
      if (edge) commands.addNode(type, place, { on: edge });
      break;
    case 3:
      if (any && other)
        commands.connect({
          source: any.id,
          port: any.type === "logic.if" ? "true" : "out",
          target: other.id,
        });
      break;
    case 4:
      if (any && nodes.length > 3) commands.remove([any.id]);
      break;
    case 5:
      if (any) commands.moveNodes(new Map([[any.id, place]]));
      break;
    case 6:
      if (any) commands.setParam(any.id, `p${random(3)}`, random(5));
      break;
    case 7:
      if (any && nodes.length < 40)
        commands.paste(copyText(doc.toJSON(), new Set([any.id, other?.id ?? ""])), { x: 8, y: 8 });
      break;
    case 8:
      if (any) commands.setDisabled([any.id], !any.disabled);
      break;
    default:
      if (edge) commands.remove([], [edge]);
  }
}
