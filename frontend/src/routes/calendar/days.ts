// Days of the calendar as the person's own clock has them, and how late something was.

export interface Day<Row> {
  /** "2026-11-24" in the person's zone. */
  key: string;
  rows: Row[];
}

export function dayKey(at: Date): string {
  const part = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())}`;
}

/** Rows in the order given, cut where the day changes. */
export function byDay<Row extends { fireAt: string }>(rows: readonly Row[]): Day<Row>[] {
  const days: Day<Row>[] = [];
  for (const row of rows) {
    const key = dayKey(new Date(row.fireAt));
    const last = days.at(-1);
    if (last?.key === key) last.rows.push(row);
    else days.push({ key, rows: [row] });
  }
  return days;
}

/** "today, 24 November", "24 November 2027": the year only when it is another one. */
export function dayWords(at: Date, now: Date, locale: string): string {
  const sameYear = at.getFullYear() === now.getFullYear();
  const date = at.toLocaleDateString(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(!sameYear && { year: "numeric" }),
  });
  const midnight = (one: Date) => Date.UTC(one.getFullYear(), one.getMonth(), one.getDate());
  const apart = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  if (Math.abs(apart) > 1) return date;
  return `${new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(apart, "day")}, ${date}`;
}

/** Under this nobody calls it late: the clock of a screen shows seconds. */
const PUNCTUAL_MS = 1_000;

/** Milliseconds it came late; 0 when it was on time. */
export function lateBy(fireAt: string, firedAt: string): number {
  const late = Date.parse(firedAt) - Date.parse(fireAt);
  return late < PUNCTUAL_MS ? 0 : late;
}
