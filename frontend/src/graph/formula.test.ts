import { describe, expect, it } from "vitest";
import { graph, node, TYPES } from "../testing/graphs";
import { copyText, parseClip, withNewIds } from "./clip";
import { Commands } from "./commands";
import { ScenarioDoc } from "./doc";
import { pathText, refsInFormula, scan } from "./formula";
import { asFormula, asWords, valueFromParts } from "./literal";
import { outputTree, pillLabel } from "./pills";
import type { Json } from "./types";
import { refsIn, renameRefs } from "./values";

const FORMULA = 'ОКРУГЛ(@hook.body.сумма * 0,95; 2) & "@hook is text" & @set.[Full name].x[2]';

describe("data inside a formula", () => {
  it("is found with its way, places counted from one, and never inside a text", () => {
    expect(refsInFormula(FORMULA)).toEqual([
      ["hook", "body", "сумма"],
      ["set", "Full name", "x", 1],
    ]);
    expect(refsInFormula('@a.["x"] + @b[0] + @c[-1] + @d.')).toEqual([["a", '"x"'], ["b"], ["c"], ["d"]]);
    expect(refsInFormula("[@not.data] + items[@real.n]")).toEqual([["real", "n"]]);
    expect(refsInFormula('"never closed @hook')).toEqual([]);
  });

  it("is written so that reading it gives the same way", () => {
    const paths = [["hook", "body", "сумма", 0, "name"], ["n-1", "a b", "it's [x]", "TRUE", "0"], ["only"]];
    for (const path of paths) expect(refsInFormula(`1 + ${pathText(path)} * 2`)).toEqual([path]);
  });

  it("ends where a number or a sign goes on", () => {
    const [span] = scan("@hook.body.sum-1").spans;
    expect(span).toMatchObject({ start: 0, idEnd: 5, end: 14 });
    expect(scan("@hook.5").spans[0]?.end).toBe(5);
  });

  it("counts among the pills of a value at any depth", () => {
    const value = [{ when: { $formula: "@a.x + @b" } }, { $text: ["x", { $formula: "@c.y" }] }];
    expect(refsIn(value)).toEqual([["a", "x"], ["b"], ["c", "y"]]);
  });
});

describe("words and formulas", () => {
  const there = (value: Json) => (asFormula(value) as { $formula: string }).$formula;

  it("a value becomes the formula that gives the same", () => {
    expect(there(5)).toBe("5");
    expect(there("")).toBe("");
    expect(there('say "hi"')).toBe('"say ""hi"""');
    expect(there({ $ref: ["hook", "items", 0] })).toBe("@hook.items[1]");
    expect(there({ $text: ["Hello ", { $ref: ["hook", "name"] }, "!"] })).toBe('"Hello " & @hook.name & "!"');
  });

  it.each<[string, Json]>([
    ["a text", "hello"],
    ["a text like a number", "007"],
    ["a number", 12.5],
    ["a pill", { $ref: ["hook", "body"] }],
    ["a mixture", { $text: ["Hello ", { $ref: ["hook", "name"] }, "!"] }],
    ["nothing", ""],
  ])("%s comes back as it was", (_, value) => {
    expect(asWords(there(value), "value")).toEqual(value);
  });

  it("a formula that says more stands behind an equals sign, and comes back to the letter", () => {
    const words = asWords(FORMULA, "template");
    expect(words).toMatchObject({
      $text: ["=ОКРУГЛ(", { $ref: ["hook", "body", "сумма"] }, expect.anything(), {}],
    });
    expect(there(words)).toBe(FORMULA);
    expect(asWords("1 + 1", "value")).toBe("=1 + 1");
    expect(there("=1 + 1")).toBe("1 + 1");
    expect(asWords("", "number")).toBe(null);
  });

  it("a text that begins with an equals sign stays a text", () => {
    expect(asWords('"=x"', "value")).toBe('="=x"');
    expect(valueFromParts(["=x"], "value")).toBe("=x");
  });
});

describe("steps that change", () => {
  const params = { fields: [{ name: "total", value: { $formula: "@hook.body.amount * 2 + @other.x" } }] };
  const wired = () =>
    graph([node("hook", "webhook.received"), node("set", "data.set_fields", { params })], ["hook>set"]);

  it("a copy reads the copied steps, and other steps as before", () => {
    const clip = parseClip(copyText(wired(), new Set(["hook", "set"])));
    const { nodes } = withNewIds(clip ?? wired(), new Set(["hook", "set"]), { x: 0, y: 0 });
    const [hook, set] = nodes;
    expect(hook?.id).not.toBe("hook");
    expect(set?.params.fields).toEqual([
      { name: "total", value: { $formula: `@${hook?.id}.body.amount * 2 + @other.x` } },
    ]);
  });

  it("a copied trigger's start condition reads the copy", () => {
    const settings = {
      start_if: { match: "all", rules: [{ left: { $formula: "@hook.body" }, op: "exists" }] },
    };
    const clip = graph([node("hook", "webhook.received", { settings })], []);
    const [copy] = withNewIds(clip, new Set(["hook"]), { x: 0, y: 0 }).nodes;
    expect(refsIn(copy?.settings)).toEqual([[copy?.id, "body"]]);
  });

  it("only whole ids are renamed, and texts are left alone", () => {
    const value = { $formula: '@a.x & @ab.x & "@a.x"' };
    expect(renameRefs(value as Json, new Map([["a", "z"]]))).toEqual({ $formula: '@z.x & @ab.x & "@a.x"' });
  });

  it("a removed step leaves the formula whole, its data known as lost; undo brings it back", () => {
    const doc = new ScenarioDoc(wired());
    const commands = new Commands(doc, () => TYPES);
    commands.remove(["hook"]);
    const left = doc.toJSON();
    const [path] = refsIn(left.nodes[0]?.params);
    expect(path).toEqual(["hook", "body", "amount"]);
    expect(pillLabel(path ?? [], left, TYPES).lost).toBe(true);
    doc.history.undo();
    expect(pillLabel(path ?? [], doc.toJSON(), TYPES).lost).toBe(false);
  });

  it("a renamed step changes what its chip says and not a letter of the formula", () => {
    const doc = new ScenarioDoc(wired());
    new Commands(doc, () => TYPES).renameNode("hook", "Order");
    const now = doc.toJSON();
    expect(now.nodes[1]?.params).toEqual(params);
    expect(pillLabel(["hook", "body"], now, TYPES).step).toBe("Order");
  });

  it("the value of a formula is no sample of what the step gives", () => {
    const set = wired().nodes[1] ?? node("x", "y");
    expect(outputTree(set, TYPES.get("data.set_fields")).children[0]).toMatchObject({
      label: "total",
      type: "any",
    });
  });
});
