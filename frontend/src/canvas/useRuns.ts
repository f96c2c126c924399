// Runs of the open scenario: the latest ones, live as they go, and which of them is painted over the steps.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useClient, useSubscription } from "urql";
import {
  RecentRunsDocument,
  RunDetailDocument,
  type RunDetailQuery,
  RunProgressDocument,
  type RunProgressSubscription,
} from "../api/generated/builder";
import { useLink } from "../api/link";
import type { RunStatus } from "../api/types";
import type { Json } from "../graph/types";
import type { Overlay, StepLive } from "./builder";

export type RunDetail = NonNullable<RunDetailQuery["run"]>;

export interface RunLine {
  id: string;
  status: RunStatus;
  createdAt: string;
  version: number;
}

export interface Live {
  runs: ReadonlyMap<string, RunProgressSubscription["runProgress"]>;
  latest: string | null;
}

const KEPT = 40;
const FINISHED: ReadonlySet<RunStatus> = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);
const SETTLED: ReadonlySet<StepLive["status"]> = new Set(["DONE", "FAILED", "SKIPPED"]);

export function collect(old: Live | undefined, data: RunProgressSubscription): Live {
  const runs = new Map(old?.runs);
  const run = data.runProgress;
  const known = runs.get(run.runId);
  // Messages of several workers may overtake each other: a run that ended never runs again.
  if (old && known && FINISHED.has(known.status) && !FINISHED.has(run.status)) return old;
  runs.delete(run.runId);
  runs.set(run.runId, run);
  for (const id of [...runs.keys()].slice(0, Math.max(0, runs.size - KEPT))) runs.delete(id);
  return { runs, latest: newest([...runs.values()]) };
}

function newest(runs: RunProgressSubscription["runProgress"][]): string | null {
  return (
    runs.reduce<RunProgressSubscription["runProgress"] | null>(
      (a, b) => (a && a.createdAt > b.createdAt ? a : b),
      null,
    )?.runId ?? null
  );
}

export interface Runs {
  lines: RunLine[];
  shown: string | null;
  /** A run id, null for none, "latest" to follow what happens. */
  show: (what: string | null) => void;
  overlay: Overlay | null;
  detail: RunDetail | null;
  /** Outputs of the newest finished run, by step: what the data picker shows. */
  seen: ReadonlyMap<string, Json>;
}

export function useRuns(scenarioId: string): Runs {
  const client = useClient();
  const comebacks = useLink((state) => state.comebacks);
  const [choice, setChoice] = useState<string | null>("latest");
  const [history, setHistory] = useState<RunLine[]>([]);
  const [{ data: live }] = useSubscription<RunProgressSubscription, Live>(
    { query: RunProgressDocument, variables: { scenarioId } },
    collect,
  );

  useEffect(() => {
    let gone = false;
    void client
      .query(RecentRunsDocument, { id: scenarioId }, { requestPolicy: "network-only" })
      .toPromise()
      .then(({ data }) => {
        if (!gone && data) {
          setHistory(data.runs.nodes.map(({ version, ...run }) => ({ ...run, version: version.number })));
        }
      });
    return () => {
      gone = true;
    };
  }, [client, scenarioId, comebacks]);

  const lines = useMemo(() => merged(history, live), [history, live]);
  /** The run itself may tell of its end before the live channel does. */
  const learn = useCallback((run: RunDetail) => {
    if (!FINISHED.has(run.status)) return;
    const { id, status, createdAt, version } = run;
    setHistory((old) => [
      { id, status, createdAt, version: version.number },
      ...old.filter((one) => one.id !== id),
    ]);
  }, []);
  const shown = choice === "latest" ? (live?.latest ?? null) : choice;
  const line = lines.find((run) => run.id === shown);
  const progress = shown === null ? undefined : live?.runs.get(shown);
  const isSettled = progress?.steps.every((step) => SETTLED.has(step.status)) ?? false;
  // Steps may be settled a moment before the end is told: then the end is asked for, not waited for.
  const detail = useRunDetail(shown, line ? `${line.status}${isSettled ? "!" : ""}` : null, learn);
  const last = lines.find((run) => FINISHED.has(run.status));
  const lastDetail = useRunDetail(last?.id ?? null, last?.status ?? null);
  const overlay = useMemo(() => overlayOf(shown, progress, detail), [shown, progress, detail]);
  const seen = useMemo(() => outputsOf(lastDetail), [lastDetail]);
  return { lines, shown, show: setChoice, overlay, detail, seen };
}

export function merged(history: RunLine[], live: Live | undefined): RunLine[] {
  const lines = new Map(history.map((run) => [run.id, run]));
  for (const run of live?.runs.values() ?? []) {
    const known = lines.get(run.runId);
    if (known && FINISHED.has(known.status) && !FINISHED.has(run.status)) continue;
    lines.set(run.runId, {
      id: run.runId,
      status: run.status,
      createdAt: run.createdAt,
      version: run.versionNumber,
    });
  }
  return [...lines.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)).slice(0, 20);
}

/** The whole run, asked again whenever its status changed. */
export function useRunDetail(
  id: string | null,
  version: string | null,
  learn?: (run: RunDetail) => void,
): RunDetail | null {
  const client = useClient();
  const [detail, setDetail] = useState<RunDetail | null>(null);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    wanted.current = id;
    if (id === null) return;
    void client
      .query(RunDetailDocument, { id }, { requestPolicy: "network-only" })
      .toPromise()
      .then(({ data }) => {
        if (wanted.current !== id || !data?.run) return;
        setDetail(data.run);
        learn?.(data.run);
      });
  }, [client, id, version, learn]);
  return detail?.id === id ? detail : null;
}

export function overlayOf(
  runId: string | null,
  progress: RunProgressSubscription["runProgress"] | undefined,
  detail: RunDetail | null,
): Overlay | null {
  if (runId === null || (!progress && !detail)) return null;
  const steps = new Map<string, StepLive>();
  for (const step of detail?.steps ?? []) {
    steps.set(step.nodeId, {
      status: step.status,
      port: step.port,
      ms: duration(step.startedAt, step.finishedAt),
      counts: step.counts,
    });
  }
  // Whichever has seen the end is right: an answer that was under way meanwhile is old.
  const isNewer = progress && (FINISHED.has(progress.status) || !detail || !FINISHED.has(detail.status));
  if (isNewer) {
    for (const step of progress.steps) {
      const known = steps.get(step.nodeId);
      if (known && SETTLED.has(known.status) && !SETTLED.has(step.status)) continue;
      const counts = step.counts ?? known?.counts ?? null;
      steps.set(step.nodeId, { status: step.status, port: step.port, ms: known?.ms ?? null, counts });
    }
  }
  return { runId, status: isNewer ? progress.status : (detail?.status ?? "RUNNING"), steps };
}

function duration(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from));
}

function outputsOf(detail: RunDetail | null): ReadonlyMap<string, Json> {
  const outputs = new Map<string, Json>();
  for (const step of detail?.steps ?? []) {
    if (step.status !== "DONE") continue;
    const output = (step.output ?? null) as Json;
    if (output !== null) outputs.set(step.nodeId, output);
  }
  return outputs;
}
