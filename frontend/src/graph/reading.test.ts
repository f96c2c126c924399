import { describe, expect, it } from "vitest";
import { curvePoint, edgeAt, freePlace, NODE_WIDTH, overlaps, portY, rectOf } from "./geometry";
import { tidy } from "./layout";
import { outline } from "./outline";
import { outputTree, pillLabel, pillSources } from "./pills";
import { ancestors, reachedFromTriggers, upstream } from "./reach";
import { rank, readings } from "./search";
import { graph, node, TYPES } from "../testing/graphs";
import { fromParts, parsePath, refsIn, toParts, valueAt } from "./values";

const FORK = graph(
  [
    node("hook", "webhook.received"),
    node("if", "logic.if", { position: { x: 350, y: 0 } }),
    node("set", "data.set_fields", {
      position: { x: 700, y: -80 },
      params: { fields: [{ name: "total", value: 5 }] },
    }),
    node("mail", "mail.send", { position: { x: 700, y: 120 } }),
    node("end", "mail.send", { position: { x: 1050, y: 0 }, title: "Last" }),
    node("alone", "mail.send", { position: { x: 0, y: 600 } }),
  ],
  ["hook>if", "if:true>set", "if:false>mail", "set>end", "mail>end"],
);

describe("reachability", () => {
  it("a step's pills may point at every step upstream and at no other", () => {
    expect([...ancestors(FORK, "set")].sort()).toEqual(["hook", "if"]);
    expect([...ancestors(FORK, "end")].sort()).toEqual(["hook", "if", "mail", "set"]);
    expect(ancestors(FORK, "alone").size).toBe(0);
  });

  it("the nearest step comes first", () => {
    expect(upstream(FORK, "end").map((n) => n.id)).toEqual(["set", "mail", "if", "hook"]);
  });

  it("steps no trigger leads to are known", () => {
    expect(reachedFromTriggers(FORK, TYPES).has("alone")).toBe(false);
    expect(reachedFromTriggers(FORK, TYPES).size).toBe(5);
  });
});

describe("search", () => {
  const words = ["Создать контакт", "Отправить письмо", "Ещё один", "Send an e-mail"];
  const find = (query: string) => rank(query, words, (word) => [word]);

  it("finds a Russian word typed on the English layout", () => {
    expect(find("rjyn")).toEqual(["Создать контакт"]);
    expect(readings("rjyn")).toContain("конт");
  });

  it("finds an English word typed on the Russian layout", () => {
    expect(find("ыутв")).toEqual(["Send an e-mail"]);
  });

  it("is indifferent to case, ё and the order of words", () => {
    expect(find("ПИСЬМО отпр")).toEqual(["Отправить письмо"]);
    expect(find("еще")).toEqual(["Ещё один"]);
  });

  it("puts titles before descriptions and keeps the order for an empty query", () => {
    const items = [
      ["other", "mail"],
      ["mail", "x"],
    ];
    expect(rank("mail", items, (item) => item)[0]).toBe(items[1]);
    expect(find("")).toEqual(words);
    expect(find("zzz")).toEqual([]);
  });
});

describe("the pill tree", () => {
  it("is filled from schema and sample before any run", () => {
    const [source] = pillSources(FORK, TYPES, "if");
    const body = source?.root.children.find((pill) => pill.label === "Body");
    expect(body?.open).toBe(true);
    expect(body?.children.map((pill) => [pill.label, pill.type, pill.sample])).toContainEqual([
      "amount",
      "number",
      1500,
    ]);
    expect(body?.children.find((pill) => pill.label === "items")?.children[0]?.children[0]?.path).toEqual([
      "hook",
      "body",
      "items",
      0,
      "sku",
    ]);
  });

  it("shows the last run's real data instead of the sample", () => {
    const seen = new Map([["hook", { body: { city: "Omsk" }, method: "POST" }]]);
    const [source] = pillSources(FORK, TYPES, "if", seen);
    expect(source?.root.children[0]?.children.map((pill) => pill.label)).toEqual(["city"]);
  });

  it("names the fields a step makes from its own settings", () => {
    const set = FORK.nodes[2];
    const tree = set && outputTree(set, TYPES.get("data.set_fields"));
    expect(tree?.children.map((pill) => [pill.path, pill.type])).toEqual([[["set", "total"], "number"]]);
  });

  it("labels a pill by the step's name and the field's title, and says when the step is gone", () => {
    expect(pillLabel(["hook", "body", "items", 0], FORK, TYPES)).toEqual({
      step: "Webhook",
      field: "Body · items · #1",
      lost: false,
    });
    expect(pillLabel(["gone", "x"], FORK, TYPES).lost).toBe(true);
  });
});

describe("the list view", () => {
  it("numbers steps in reading order, indents branches and refers back at a join", () => {
    const lines = outline(FORK, TYPES).map((row) => {
      const text =
        row.kind === "step"
          ? `${row.number} ${row.role} ${row.node.id}`
          : row.kind === "branch"
            ? `?${row.port.title}`
            : row.kind === "goto"
              ? `-> ${row.number}`
              : row.kind === "end"
                ? `+${row.after.source}`
                : row.kind;
      return "  ".repeat(row.depth) + text;
    });
    expect(lines).toEqual([
      "1 when hook",
      "2 if if",
      "  ?yes",
      "    3 then set",
      "    4 then end",
      "    +end",
      "  ?no",
      "    5 then mail",
      "    -> 4",
      "loose",
      "6 then alone",
      "+alone",
    ]);
  });
});

describe("tidy up", () => {
  it("separates steps, keeps the first in place and does not touch loose ones", async () => {
    const pile = { ...FORK, nodes: FORK.nodes.map((n) => ({ ...n, position: { x: 40, y: 40 } })) };
    const places = await tidy(pile, TYPES);
    expect(places.has("alone")).toBe(false);
    const rects = pile.nodes
      .filter((n) => places.has(n.id))
      .map((n) => rectOf({ ...n, position: places.get(n.id) ?? n.position }, TYPES));
    rects.forEach((a, i) => rects.slice(i + 1).forEach((b) => expect(overlaps(a, b)).toBe(false)));
  });

  it("keeps the branch that goes out first above the other", async () => {
    const places = await tidy(FORK, TYPES);
    expect(places.get("hook")).toEqual({ x: 0, y: 0 });
    expect(places.get("set")?.y).toBeLessThan(places.get("mail")?.y ?? 0);
  });
});

describe("geometry", () => {
  it("finds the wire under a point of its drawn curve, and none far away", () => {
    const middle = curvePoint({ from: { x: NODE_WIDTH, y: 38 }, to: { x: 350, y: 38 } }, 0.5);
    expect(edgeAt(FORK, TYPES, middle)?.target).toBe("if");
    expect(edgeAt(FORK, TYPES, { x: 0, y: -400 })).toBeNull();
  });

  it("puts handles of several ways out one under another", () => {
    expect(portY(1, 2) - portY(0, 2)).toBe(28);
  });

  it("finds a free place below", () => {
    const place = freePlace({ x: 0, y: 0 }, 76, [{ x: 0, y: 0, width: 264, height: 76 }]);
    expect(place.y).toBeGreaterThanOrEqual(76);
  });
});

describe("values", () => {
  it("a text goes to parts and back, in its shortest form", () => {
    const mixed = { $text: ["Hello ", { $ref: ["a", "name"] }, "!"] };
    expect(fromParts(toParts(mixed))).toEqual(mixed);
    expect(fromParts(["a", "b"])).toBe("ab");
    expect(fromParts(["", ""])).toBe("");
    expect(refsIn({ x: [mixed] })).toEqual([["a", "name"]]);
  });

  it("a typed path turns digits into indexes", () => {
    expect(parsePath("body.items[0].sku")).toEqual(["body", "items", 0, "sku"]);
    expect(valueAt({ body: { items: [{ sku: 1 }] } }, ["body", "items", 0, "sku"])).toBe(1);
    expect(valueAt(null, ["a"])).toBeUndefined();
  });
});
