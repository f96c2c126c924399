// A calendar while it is edited: minutes of the day, dates as text, and what goes to the server.
import type { CalendarInput, CalendarPartsFragment } from "../../api/generated/calendars";

export interface Hours {
  start: number;
  end: number;
}

/** A date with rules of its own; `hours`: none for a day off, null where it is worked as the week says. */
export interface Special {
  date: string;
  name: string;
  hours: Hours[] | null;
  /** Filled in with the holidays of a country. */
  filled: boolean;
}

export interface Draft {
  name: string;
  /** Null: the workspace's. */
  timeZone: string | null;
  isDefault: boolean;
  weekly: Hours[][];
  specials: ReadonlyMap<string, Special>;
}

const OFFICE: Hours = { start: 540, end: 1080 };
const MIDNIGHT = 1440;

export function newDraft(name: string): Draft {
  const weekly = Array.from({ length: 7 }, (_, day) => (day < 5 ? [OFFICE] : []));
  return { name, timeZone: null, isDefault: false, weekly, specials: new Map() };
}

export function draftOf(calendar: CalendarPartsFragment): Draft {
  const { name, timeZone, isDefault, weekly } = calendar;
  const specials = calendar.exceptions.map((one): [string, Special] => [
    one.date,
    {
      date: one.date,
      name: one.name,
      hours: one.hours?.map(plain) ?? null,
      filled: one.by === "HOLIDAYS",
    },
  ]);
  return {
    name,
    timeZone,
    isDefault,
    weekly: weekly.map((day) => day.map(plain)),
    specials: new Map(specials),
  };
}

export function inputOf({ name, timeZone, isDefault, weekly, specials }: Draft): CalendarInput {
  const exceptions = [...specials.values()].map(({ date, name, hours }) => ({ date, name, hours }));
  return { name, timeZone, isDefault, weekly, exceptions };
}

const plain = ({ start, end }: Hours): Hours => ({ start, end });

/** Hours of a day nobody has set hours for yet: those of the first day that is worked. */
export function usual(weekly: Hours[][]): Hours[] {
  return weekly.find((day) => day.length > 0) ?? [OFFICE];
}

/** "09:00"; the end of the day is midnight, "00:00". */
export function clock(minute: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}

/** Minutes of the day; as an end, midnight is that of the coming night. Null while it is being typed. */
export function minutes(text: string, end: boolean): number | null {
  const found = /^(\d\d):(\d\d)/.exec(text);
  if (!found) return null;
  const minute = Number(found[1]) * 60 + Number(found[2]);
  return end && minute === 0 ? MIDNIGHT : minute;
}

/** "09:00–13:00, 14:00–18:00". */
export function hoursWords(hours: Hours[]): string {
  return hours
    .map(({ start, end }) => `${clock(start)}–${end === MIDNIGHT ? "24:00" : clock(end)}`)
    .join(", ");
}

/** Another span after the last one, as far as the day has room. */
export function withMore(hours: Hours[]): Hours[] {
  const last = hours.at(-1);
  if (!last) return [OFFICE];
  const start = Math.min(last.end + 60, MIDNIGHT - 60);
  return [...hours, { start, end: Math.min(start + 240, MIDNIGHT) }];
}

export const hasRoom = (hours: Hours[]) => (hours.at(-1)?.end ?? 0) <= MIDNIGHT - 120;

/** "Mon–Fri 09:00–18:00 · Sat 10:00–14:00"; days without hours are left out. */
export function weekWords(weekly: Hours[][], names: string[]): string {
  const spans: { first: number; last: number; words: string }[] = [];
  weekly.forEach((day, at) => {
    const words = hoursWords(day);
    const before = spans.at(-1);
    if (before?.last === at - 1 && before.words === words) before.last = at;
    else if (words !== "") spans.push({ first: at, last: at, words });
  });
  const name = (at: number) => names[at] ?? "";
  return spans
    .map(({ first, last, words }) => `${name(first)}${last > first ? `–${name(last)}` : ""} ${words}`)
    .join(" · ");
}
