// A schedule in words, and the parts its form edits; the server's Schedule has the same fields.
import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg, plural } from "@lingui/core/macro";
import type { Json } from "../graph/types";
import { asText, isObject } from "../graph/values";

export const EVERY = ["minutes", "hours", "day", "weekdays", "week", "month", "cron"] as const;
export type Every = (typeof EVERY)[number];

export const EVERY_NAMES: Record<Every, MessageDescriptor> = {
  minutes: msg`Every few minutes`,
  hours: msg`Every few hours`,
  day: msg`Daily`,
  weekdays: msg`Monday to Friday`,
  week: msg`On days of the week`,
  month: msg`Monthly`,
  cron: msg`By a cron line (for experts)`,
};

export interface Schedule {
  every: Every;
  interval: number;
  at: string;
  weekdays: number[];
  day: number | "last";
  cron: string;
  timezone: string;
}

export function readSchedule(value: Json | undefined): Schedule {
  const raw = isObject(value) ? value : {};
  return {
    every: EVERY.find((every) => every === raw.every) ?? "day",
    interval: typeof raw.interval === "number" ? raw.interval : 1,
    at: asText(raw.at) || "09:00",
    weekdays: Array.isArray(raw.weekdays) ? raw.weekdays.map(Number) : [1],
    day: raw.day === "last" ? "last" : typeof raw.day === "number" ? raw.day : 1,
    cron: asText(raw.cron),
    timezone: asText(raw.timezone) || "UTC",
  };
}

/** Short names of the days, Monday first, in the reader's language. */
export function dayNames(locale: string): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  return [1, 2, 3, 4, 5, 6, 7].map((day) => format.format(new Date(Date.UTC(2024, 0, day))));
}

export function scheduleWords(i18n: I18n, value: Json | undefined): string {
  const { every, interval, at, weekdays, day, cron } = readSchedule(value);
  const names = dayNames(i18n.locale);
  const days = weekdays.map((one) => names[one - 1] ?? "").join(", ");
  const words: Record<Every, MessageDescriptor> = {
    minutes: msg({ message: plural(interval, { one: "every # minute", other: "every # minutes" }) }),
    hours: msg({ message: plural(interval, { one: "every # hour", other: "every # hours" }) }),
    day:
      interval === 1
        ? msg`daily at ${at}`
        : msg({ message: `${plural(interval, { one: "every # day", other: "every # days" })} at ${at}` }),
    weekdays: msg`Monday to Friday at ${at}`,
    week: msg`${days} at ${at}`,
    month: day === "last" ? msg`on the last day of the month at ${at}` : msg`monthly on day ${day} at ${at}`,
    cron: msg`cron: ${cron}`,
  };
  return i18n._(words[every]);
}
