// A moment in words ("5 minutes ago"), the exact time in its tooltip; all of them tick together.
import { useLingui } from "@lingui/react/macro";
import { useSyncExternalStore } from "react";

const tick = 15_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, tick);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const units: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "5 minutes ago", "yesterday"; a date when it is more than a week away. */
export function relativeWords(at: Date, from: number, locale: string): string {
  const seconds = (at.getTime() - from) / 1_000;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (Math.abs(seconds) > 7 * 86_400) {
    const sameYear = at.getFullYear() === new Date(from).getFullYear();
    return at.toLocaleDateString(locale, {
      day: "numeric",
      month: "short",
      ...(!sameYear && { year: "numeric" }),
    });
  }
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(0, "second");
}

/** The moment to the second, as the language writes it. */
export function exactWords(at: Date, locale: string): string {
  return at.toLocaleString(locale, { dateStyle: "long", timeStyle: "medium" });
}

export function Ago({ at, className }: { at: string; className?: string }) {
  const { i18n } = useLingui();
  const moment = useSyncExternalStore(subscribe, () => now);
  const date = new Date(at);
  // The clock of the page ticks slowly: what is newer than the tick is "now", never "in the future".
  const from = Math.max(moment, date.getTime() > moment + tick ? moment : date.getTime());
  return (
    <time dateTime={at} title={exactWords(date, i18n.locale)} className={className}>
      {relativeWords(date, from, i18n.locale)}
    </time>
  );
}
