import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { frameAnswers, openApp } from "../../testing/render";
import { byDay, dayWords, lateBy } from "./days";
import type { Timer } from "./TimerRow";

const soon = new Date(Date.now() + 3_600_000).toISOString();

function timer(part: Partial<Timer>): Timer & { __typename: string } {
  return {
    __typename: "Timer",
    id: part.id ?? "t1",
    kind: "SCHEDULE",
    state: "PLANNED",
    fireAt: soon,
    firedAt: null,
    scenarioId: "s1",
    scenarioTitle: "Orders",
    scenarioEnabled: true,
    runId: null,
    nodeId: "clock",
    stepTitle: "Every morning",
    reason: "",
    ...part,
  };
}

async function open(path: string, ...timers: Timer[]) {
  return openApp(path, {
    ...frameAnswers("VIEWER"),
    ScenarioNames: () => ({ scenarios: { __typename: "ScenarioConnection", nodes: [] } }),
    TimerList: () => ({
      timers: {
        __typename: "TimerConnection",
        nodes: timers,
        pageInfo: { __typename: "PageInfo", endCursor: null, hasNextPage: false },
      },
    }),
  });
}

describe("the calendar", () => {
  it("says what happens next, by day, and leads to the scenario or the run", async () => {
    await open(
      "/calendar",
      timer({ id: "a" }),
      timer({ id: "b", kind: "WAIT", runId: "r1", stepTitle: "Wait a day", scenarioEnabled: false }),
      timer({ id: "c", kind: "DEADLINE", runId: "r2", nodeId: "", stepTitle: "" }),
    );
    const links = await screen.findAllByRole("link", { name: "Orders" });
    expect(links.map((link) => link.getAttribute("href"))).toEqual(["/scenarios/s1", "/runs/r1", "/runs/r2"]);
    expect(screen.getByText("starts a run: Every morning")).toBeInTheDocument();
    expect(
      screen.getByText("The scenario is switched off; this run goes on to its end."),
    ).toBeInTheDocument();
    expect(screen.getByText("the time of the whole run is up")).toBeInTheDocument();
  });

  it("says of what is over whether it was late, and of what was missed why", async () => {
    const fireAt = "2026-11-20T09:00:00Z";
    await open(
      "/calendar?state=fired",
      timer({ id: "a", state: "FIRED", fireAt, firedAt: "2026-11-20T09:00:00.040Z" }),
      timer({ id: "b", state: "FIRED", fireAt, firedAt: "2026-11-20T09:03:10Z" }),
      timer({ id: "c", state: "MISSED", fireAt, reason: "Potok was off at that moment." }),
    );
    expect(await screen.findByText("on time")).toBeInTheDocument();
    expect(screen.getByText("3 min late")).toBeInTheDocument();
    expect(screen.getByText("Potok was off at that moment.")).toBeInTheDocument();
  });

  it("asks for what the filters in the address say", async () => {
    const { server, user } = await open("/calendar?kind=wait&scenario=s1");
    expect(await screen.findByText("No moment fits this filter.")).toBeInTheDocument();
    await user.click(screen.getByRole("radio", { name: "Missed" }));
    const asked = server.sent.filter((one) => one.name === "TimerList").map((one) => one.variables);
    expect(asked[0]).toMatchObject({ state: "PLANNED", kinds: ["WAIT"], scenarioId: "s1" });
    expect(asked.at(-1)).toMatchObject({ state: "MISSED" });
  });
});

describe("days of the person's own clock", () => {
  it("are cut at midnight of the zone one is in", () => {
    const at = (hour: number) => ({ fireAt: new Date(2026, 10, 24, hour).toISOString() });
    const days = byDay([at(1), at(23), at(25)]);
    expect(days.map((day) => [day.key, day.rows.length])).toEqual([
      ["2026-11-24", 2],
      ["2026-11-25", 1],
    ]);
  });

  it("are called today and tomorrow, and carry their year when it is another", () => {
    const now = new Date(2026, 11, 31, 23);
    expect(dayWords(new Date(2026, 11, 31, 1), now, "en")).toMatch(/^today, Thursday, December 31$/);
    expect(dayWords(new Date(2027, 0, 1, 1), now, "ru")).toMatch(/^завтра, .*2027/);
  });

  it("call nothing late that came within a second", () => {
    expect(lateBy("2026-11-24T09:00:00Z", "2026-11-24T09:00:00.900Z")).toBe(0);
    expect(lateBy("2026-11-24T09:00:00Z", "2026-11-24T09:00:05Z")).toBe(5000);
  });
});
