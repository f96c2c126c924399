/** Which events are asked for, as it stands in the address and as the server takes it. */
import type { EventFilter, EventKind, EventOutcome } from "../../api/generated/events";

export interface Wanted {
  scenario: string;
  outcome: string;
  kind: string;
  text: string;
  /** Days of the reader's own calendar, such as 2026-11-24; empty for no bound. */
  from: string;
  to: string;
}

const names = ["scenario", "outcome", "kind", "text", "from", "to"] as const;
const outcomes: Readonly<Record<string, EventOutcome>> = {
  started: "STARTED",
  stopped: "STOPPED",
  duplicate: "DUPLICATE",
};
const kinds: Readonly<Record<string, EventKind>> = {
  webhook: "WEBHOOK",
  schedule: "SCHEDULE",
  manual: "MANUAL",
  call: "CALL",
  record: "RECORD",
};

export function readWanted(params: URLSearchParams): Wanted {
  const wanted = { scenario: "", outcome: "", kind: "", text: "", from: "", to: "" };
  for (const name of names) wanted[name] = params.get(name) ?? "";
  if (!outcomes[wanted.outcome]) wanted.outcome = "";
  if (!kinds[wanted.kind]) wanted.kind = "";
  return wanted;
}

export function isFiltered(wanted: Wanted): boolean {
  return names.some((name) => wanted[name] !== "");
}

export function toFilter(wanted: Wanted): EventFilter {
  return {
    scenarioId: wanted.scenario || null,
    outcome: outcomes[wanted.outcome] ?? null,
    kind: kinds[wanted.kind] ?? null,
    text: wanted.text || null,
    from: dayStart(wanted.from, 0),
    to: dayStart(wanted.to, 1),
  };
}

/** Midnight of the reader's own day, so many days later; null for what is no day. */
export function dayStart(day: string, later: number): string | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined) return null;
  const moment = new Date(Number(year), Number(month) - 1, Number(date) + later);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
