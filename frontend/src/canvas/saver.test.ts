import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type SaveAnswer, Saver, type SaveState } from "./saver";

type Answer = SaveAnswer<string>;

function setup(answers: Answer[]) {
  let text = "a";
  const sent: [string, number][] = [];
  const states: SaveState<string>["phase"][] = [];
  const saver = new Saver<string, string>({
    revision: 1,
    read: () => text,
    send: (graph, base) => {
      sent.push([graph, base]);
      const next = answers.shift() ?? { kind: "saved", revision: base + 1, scenario: graph };
      return new Promise((done) => setTimeout(() => done(next), 50));
    },
    onState: (state) => states.push(state.phase),
    onSaved: () => undefined,
  });
  return {
    saver,
    sent,
    states,
    type: (next: string) => {
      text = next;
      saver.changed();
    },
  };
}

describe("autosave", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("saves within a second even while a person goes on typing", async () => {
    const { sent, type } = setup([]);
    for (let i = 0; i < 10; i++) {
      type(`text ${i}`);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(sent.length).toBeGreaterThanOrEqual(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent.at(-1)?.[0]).toBe("text 9");
  });

  it("sends one save at a time, each on the revision of the one before", async () => {
    const { sent, type, states } = setup([]);
    type("b");
    await vi.advanceTimersByTimeAsync(510);
    type("c");
    await vi.advanceTimersByTimeAsync(2000);
    expect(sent).toEqual([
      ["b", 1],
      ["c", 2],
    ]);
    expect(states.at(-1)).toBe("saved");
  });

  it("tries again by itself when the server does not answer, and loses nothing", async () => {
    const { sent, type, states, saver } = setup([{ kind: "unreachable" }]);
    type("b");
    await vi.advanceTimersByTimeAsync(600);
    expect(states.at(-1)).toBe("failed");
    expect(saver.isDirty).toBe(true);
    type("c");
    await vi.advanceTimersByTimeAsync(3000);
    expect(sent.at(-1)?.[0]).toBe("c");
    expect(states.at(-1)).toBe("saved");
  });

  it("stops at a conflict until the person decides; keeping mine saves on their revision", async () => {
    const { sent, type, saver, states } = setup([
      { kind: "conflict", theirs: { revision: 7, scenario: "theirs" } },
    ]);
    type("b");
    await vi.advanceTimersByTimeAsync(600);
    type("c");
    await vi.advanceTimersByTimeAsync(5000);
    expect(sent).toHaveLength(1);
    expect(states.at(-1)).toBe("conflict");
    const kept = saver.keepMine();
    await vi.advanceTimersByTimeAsync(100);
    await kept;
    expect(sent.at(-1)).toEqual(["c", 7]);
    expect(saver.revision).toBe(8);
  });

  it("flush saves what is open and says whether it worked", async () => {
    const { type, saver } = setup([{ kind: "saved", revision: 2, scenario: "" }, { kind: "unreachable" }]);
    type("b");
    const first = saver.flush();
    await vi.advanceTimersByTimeAsync(100);
    expect(await first).toBe(true);
    type("c");
    const second = saver.flush();
    await vi.advanceTimersByTimeAsync(100);
    expect(await second).toBe(false);
    saver.stop();
  });
});
