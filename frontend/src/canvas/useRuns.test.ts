import { describe, expect, it } from "vitest";
import { collect, merged, overlayOf, type RunDetail } from "./useRuns";

const message = (status: "RUNNING" | "SUCCEEDED", step: "RUNNING" | "DONE") => ({
  runProgress: {
    runId: "r",
    status,
    versionNumber: 1,
    createdAt: "2026-11-24T10:00:00Z",
    steps: [{ nodeId: "a", status: step, port: "out", counts: null }],
  },
});

describe("a run that is followed", () => {
  it("never goes back from its end when an older message comes late", () => {
    const live = [
      message("RUNNING", "RUNNING"),
      message("SUCCEEDED", "DONE"),
      message("RUNNING", "DONE"),
    ].reduce((old, next) => collect(old, next), collect(undefined, message("RUNNING", "RUNNING")));
    expect(live.runs.get("r")?.status).toBe("SUCCEEDED");
  });

  it("shows the end as soon as anybody knows it", () => {
    const live = collect(undefined, message("RUNNING", "DONE"));
    const known = { id: "r", status: "SUCCEEDED" as const, createdAt: "2026-11-24T10:00:00Z", version: 1 };
    expect(merged([known], live)[0]?.status).toBe("SUCCEEDED");
    expect(merged([], live)[0]?.status).toBe("RUNNING");
  });

  it("takes the live end over an answer that was asked for before it", () => {
    const early = { id: "r", status: "RUNNING", steps: [] } as unknown as RunDetail;
    const overlay = overlayOf("r", message("SUCCEEDED", "DONE").runProgress, early);
    expect(overlay?.status).toBe("SUCCEEDED");
    expect(overlay?.steps.get("a")?.status).toBe("DONE");
  });
});
