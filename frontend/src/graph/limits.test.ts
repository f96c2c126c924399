import { describe, expect, it } from "vitest";
import { graph, node, TYPES } from "../testing/graphs";
import { Commands } from "./commands";
import { ScenarioDoc } from "./doc";
import { runLimitOf, runTimeoutOf, stepLimits, stepLimitsOf, unitOf, withRunLimit } from "./limits";

function setup() {
  const doc = new ScenarioDoc(
    graph([node("hook", "webhook.received"), node("mail", "mail.send")], ["hook>mail"]),
  );
  const commands = new Commands(doc, () => TYPES);
  const settings = () => (doc.toJSON() as { settings?: unknown }).settings;
  return { doc, commands, settings };
}

describe("limits of a step", () => {
  it("are written only where something is limited, and a number of times always with its time", () => {
    const free = stepLimitsOf({});
    expect(stepLimits(free)).toBeUndefined();
    expect(stepLimits({ ...free, name: "the printer" })).toBeUndefined();
    expect(stepLimits({ ...free, atOnce: 3 })).toEqual({ at_once: 3 });
    expect(stepLimits({ ...free, name: "x", atMost: 10 })).toEqual({
      name: "x",
      at_most: 10,
      per_seconds: 60,
    });
  });

  it("are read back as they were written", () => {
    const limits = { name: "x", atOnce: 2, atMost: 10, perSeconds: 3600 };
    expect(stepLimitsOf({ settings: { limits: stepLimits(limits) ?? null } })).toEqual(limits);
  });
});

describe("settings of the scenario", () => {
  it("are set, undone and taken back without a trace", () => {
    const { doc, commands, settings } = setup();
    commands.setScenarioSetting("run_timeout_seconds", 60);
    const key = { $ref: ["hook", "client"] };
    const limit = { atMost: 1, key, skips: true };
    commands.setScenarioSetting("limits", withRunLimit(doc.toJSON(), "concurrency", limit));
    expect(settings()).toEqual({
      run_timeout_seconds: 60,
      limits: { concurrency: { at_most: 1, key, when_full: "skip" } },
    });
    expect(runLimitOf(doc.toJSON(), "concurrency")).toEqual(limit);
    expect(runTimeoutOf(doc.toJSON())).toBe(60);
    expect(doc.history.undo()?.verb).toBe("set");
    expect(settings()).toEqual({ run_timeout_seconds: 60 });
    doc.history.redo();
    commands.setScenarioSetting("limits", withRunLimit(doc.toJSON(), "concurrency", null));
    commands.setScenarioSetting("run_timeout_seconds", undefined);
    expect(settings()).toBeUndefined();
  });

  it("keep the limit beside the one that is changed", () => {
    const { doc, commands, settings } = setup();
    const rate = { atMost: 10, perSeconds: 60, key: undefined, skips: false };
    commands.setScenarioSetting("limits", withRunLimit(doc.toJSON(), "rate", rate));
    const one = { atMost: 1, key: undefined, skips: false };
    commands.setScenarioSetting("limits", withRunLimit(doc.toJSON(), "concurrency", one));
    expect(settings()).toEqual({
      limits: { rate: { at_most: 10, per_seconds: 60 }, concurrency: { at_most: 1 } },
    });
  });

  it("say a time in the largest unit that fits", () => {
    expect([60, 90, 7200, 86_400, 604_800, undefined].map(unitOf)).toEqual([
      "minutes",
      "seconds",
      "hours",
      "days",
      "weeks",
      "minutes",
    ]);
  });
});
