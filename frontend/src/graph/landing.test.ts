import { describe, expect, it } from "vitest";
import { Commands } from "./commands";
import { ScenarioDoc } from "./doc";
import { overlaps, rectOf } from "./geometry";
import { dropAt, freeShift, settleAt, SPACE } from "./landing";
import { graph, node, TYPES } from "../testing/graphs";
import { edgeId, type NodeType } from "./types";

const typeOf = (id: string): NodeType => {
  const type = TYPES.get(id);
  if (!type) throw new Error(id);
  return type;
};
const MAIL = typeOf("mail.send");
const PAIR = graph(
  [node("hook", "webhook.received"), node("if", "logic.if", { position: { x: 352, y: 0 } })],
  ["hook>if"],
);

describe("dropping a step from the palette", () => {
  it("connects it to the way out it was dropped beside", () => {
    const yes = dropAt(PAIR, TYPES, MAIL, { x: 352 + 264 + 60 + 132, y: 60 });
    const no = dropAt(PAIR, TYPES, MAIL, { x: 352 + 264 + 60 + 132, y: 160 });
    expect(yes.after).toEqual({ source: "if", port: "true" });
    expect(no.after).toEqual({ source: "if", port: "false" });
  });

  it("connects it when it is dropped just below", () => {
    const drop = dropAt(PAIR, TYPES, MAIL, { x: 352 + 132, y: 140 + 40 + 38 });
    expect(drop.after?.source).toBe("if");
  });

  it("leaves it alone far away, left of everything, and when every way out is taken", () => {
    expect(dropAt(PAIR, TYPES, MAIL, { x: 1600, y: 60 }).after).toBeNull();
    expect(dropAt(PAIR, TYPES, MAIL, { x: -300, y: 40 }).after).toBeNull();
    const taken = graph(
      [...PAIR.nodes, node("a", "mail.send", { position: { x: 2000, y: 900 } })],
      ["hook>if", "if:true>a", "if:false>a"],
    );
    expect(dropAt(taken, TYPES, MAIL, { x: 352 + 264 + 60 + 132, y: 60 }).after).toBeNull();
  });

  it("replaces the step under the pointer, a trigger only by a trigger", () => {
    expect(dropAt(PAIR, TYPES, MAIL, { x: 400, y: 30 }).onto?.id).toBe("if");
    const refused = dropAt(PAIR, TYPES, typeOf("webhook.received"), { x: 400, y: 30 });
    expect(refused.onto).toBeNull();
    const others = PAIR.nodes.map((one) => rectOf(one, TYPES));
    expect(others.some((other) => overlaps({ ...refused.at, width: 264, height: 76 }, other))).toBe(false);
  });

  it("goes into the wire it is dropped on", () => {
    const apart = graph(
      [node("hook", "webhook.received"), node("end", "mail.send", { position: { x: 900, y: 0 } })],
      ["hook>end"],
    );
    expect(dropAt(apart, TYPES, MAIL, { x: 580, y: 40 }).on).toEqual({
      source: "hook",
      port: "out",
      target: "end",
    });
  });

  it("never comes to stand on another step, wherever it is dropped", () => {
    const crowd = graph(
      Array.from({ length: 40 }, (_, i) =>
        node(`n${i}`, i % 3 === 0 ? "logic.if" : "mail.send", {
          position: { x: (i % 8) * 300, y: Math.floor(i / 8) * 110 },
        }),
      ),
      [],
    );
    const rects = crowd.nodes.map((one) => rectOf(one, TYPES));
    for (let x = -200; x < 2600; x += 87) {
      for (let y = -150; y < 800; y += 61) {
        const drop = dropAt(crowd, TYPES, MAIL, { x, y });
        if (drop.onto) continue;
        const own = { ...drop.at, width: 264, height: 76 };
        expect(rects.filter((other) => overlaps(own, other))).toEqual([]);
      }
    }
  });
});

describe("letting go of a step that was dragged", () => {
  const loose = graph(
    [...PAIR.nodes, node("mail", "mail.send", { position: { x: 900, y: 600 } })],
    ["hook>if"],
  );

  it("gives way by the smallest move, 24 px apart", () => {
    const one = { x: 0, y: 0, width: 264, height: 76 };
    expect(freeShift([{ ...one, x: 40, y: 60 }], [one])).toEqual({ x: 0, y: 40 });
    expect(76 + SPACE).toBe(60 + 40);
    expect(freeShift([{ ...one, x: 300 }], [one])).toEqual({ x: 0, y: 0 });
  });

  it("connects a loose step, in one entry of the history together with the move", () => {
    const to = { x: 680, y: 40 };
    const { after } = settleAt(loose, TYPES, "mail", to);
    expect(after).toEqual({ source: "if", port: "true" });
    const doc = new ScenarioDoc(loose);
    new Commands(doc, () => TYPES).settle(new Map([["mail", to]]), after ? { after } : {});
    expect(doc.toJSON().edges.map(edgeId)).toContain("if:true:mail");
    expect(doc.history.undoDepth).toBe(1);
    doc.history.undo();
    expect(doc.toJSON()).toEqual(loose);
  });

  it("does not draw again the wire a person has just taken away", () => {
    const apart = graph(
      [...PAIR.nodes, node("mail", "mail.send", { position: { x: 680, y: 40 } })],
      ["hook>if"],
    );
    expect(settleAt(apart, TYPES, "mail", { x: 688, y: 48 }).after).toBeNull();
  });

  it("leaves the wires of a connected step as they are", () => {
    expect(settleAt(loose, TYPES, "if", { x: 300, y: 0 })).toEqual({ on: null, after: null });
  });
});
