// The days of a month as the grid shows them, Monday first; dates are text, so no time zone can shift them.

const DAY_MS = 86_400_000;

const iso = (time: number) => new Date(time).toISOString().slice(0, 10);
const timeOf = (date: string) => Date.parse(`${date}T00:00:00Z`);

/** 0 Monday to 6 Sunday. */
export const weekdayOf = (date: string) => (new Date(timeOf(date)).getUTCDay() + 6) % 7;

export const daysLater = (date: string, days: number) => iso(timeOf(date) + days * DAY_MS);

/** The same day of another month, or the last of a shorter one. */
export function monthsLater(date: string, months: number): string {
  const [year = 1970, month = 1, day = 1] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return iso(Date.UTC(year, month - 1 + months, Math.min(day, last)));
}

/** The weeks of the date's month; days of other months are null. */
export function weeksOf(date: string): (string | null)[][] {
  const first = `${date.slice(0, 7)}-01`;
  const lead = weekdayOf(first);
  const count = Math.round((timeOf(monthsLater(first, 1)) - timeOf(first)) / DAY_MS);
  const cells = [
    ...Array<null>(lead).fill(null),
    ...Array.from({ length: count }, (_, at) => daysLater(first, at)),
  ];
  while (cells.length % 7 > 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** Where an arrow, Home, End or a page key leads from a day; null for other keys. */
export function stepFrom(date: string, key: string): string | null {
  switch (key) {
    case "ArrowLeft":
      return daysLater(date, -1);
    case "ArrowRight":
      return daysLater(date, 1);
    case "ArrowUp":
      return daysLater(date, -7);
    case "ArrowDown":
      return daysLater(date, 7);
    case "Home":
      return daysLater(date, -weekdayOf(date));
    case "End":
      return daysLater(date, 6 - weekdayOf(date));
    case "PageUp":
      return monthsLater(date, -1);
    case "PageDown":
      return monthsLater(date, 1);
    default:
      return null;
  }
}

/** Names of the days of the week, Monday first. */
export function weekdays(locale: string, width: "short" | "long"): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: width, timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2024, 0, 1 + day)));
}

export function dateWords(locale: string, date: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(timeOf(date));
}
