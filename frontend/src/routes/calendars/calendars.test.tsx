import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { frameAnswers, openApp } from "../../testing/render";
import { clock, hoursWords, minutes, withMore } from "./draft";
import { daysLater, monthsLater, stepFrom, weekdayOf, weeksOf } from "./month";

const day = [{ __typename: "WorkHours", start: 540, end: 1080 }];
const calendar = (over: object = {}) => ({
  __typename: "WorkCalendar",
  id: "c1",
  name: "Office",
  timeZone: null,
  isDefault: true,
  country: "",
  subdivision: "",
  weekly: [day, day, day, day, day, [], []],
  exceptions: [],
  ...over,
});
const holiday = {
  __typename: "CalendarException",
  date: "2026-11-04",
  name: "Unity Day",
  by: "HOLIDAYS",
  hours: [],
};
const list = (...found: object[]) => ({ CalendarList: () => ({ calendars: found }) });
const noProblems = { problems: [] };

test("the list tells the hours, the special dates and which one is the default", async () => {
  await openApp("/calendars", { ...frameAnswers(), ...list(calendar({ exceptions: [holiday] })) });
  const item = within(await screen.findByRole("list", { name: "Calendars" }, { timeout: 5_000 })).getByRole(
    "listitem",
  );
  expect(item).toHaveTextContent("Mon–Fri 09:00–18:00");
  expect(item).toHaveTextContent("Special dates: 1");
  expect(item).toHaveTextContent("used wherever none is chosen");
});

test("hours of a day are changed and the whole calendar is saved", async () => {
  const { user, server } = await openApp("/calendars?open=c1", {
    ...frameAnswers(),
    ...list(calendar()),
    UpdateCalendar: () => ({
      updateCalendar: { __typename: "CalendarPayload", calendar: calendar({ name: "Shop" }), ...noProblems },
    }),
  });
  const week = within(await screen.findByRole("list", { name: "Hours of the week" }));
  await user.click(week.getByRole("checkbox", { name: "Saturday" }));
  await user.click(week.getByRole("checkbox", { name: "Monday" }));
  await user.clear(screen.getByRole("textbox", { name: "Name" }));
  await user.type(screen.getByRole("textbox", { name: "Name" }), "Shop");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent.some((one) => one.name === "UpdateCalendar")).toBe(true));
  const { input } = server.sent.find((one) => one.name === "UpdateCalendar")?.variables as {
    input: { name: string; weekly: object[][] };
  };
  expect(input.name).toBe("Shop");
  expect(input.weekly.map((one) => one.length)).toEqual([0, 1, 1, 1, 1, 1, 0]);
});

test("what the server refuses stands at its field, and nothing typed is lost", async () => {
  const { user } = await openApp("/calendars?open=new", {
    ...frameAnswers(),
    ...list(calendar()),
    CreateCalendar: () => ({
      createCalendar: {
        __typename: "CalendarPayload",
        calendar: null,
        problems: [
          {
            __typename: "Problem",
            code: "calendar_name_empty",
            message: "The calendar has no name.",
            fix: "Type a name.",
            severity: "ERROR",
            nodeId: null,
            path: ["name"],
          },
        ],
      },
    }),
  });
  await user.click(await screen.findByRole("button", { name: "Save" }));
  expect(await screen.findByText(/The calendar has no name/)).toBeVisible();
});

test("arrows move through the days, and a holiday that is taken away is sent as an ordinary day", async () => {
  const today = new Date().toLocaleDateString("sv");
  const there = daysLater(today, 7);
  const { user, server } = await openApp("/calendars?open=c1", {
    ...frameAnswers(),
    ...list(calendar({ exceptions: [{ ...holiday, date: there }] })),
    UpdateCalendar: () => ({
      updateCalendar: { __typename: "CalendarPayload", calendar: calendar(), ...noProblems },
    }),
  });
  const selected = await screen.findByRole("gridcell", { selected: true });
  within(selected).getByRole("button").focus();
  await user.keyboard("{ArrowDown}");
  expect(document.activeElement).toHaveAccessibleName(/day off, Unity Day$/);
  expect(screen.getByRole("radio", { name: "Day off" })).toBeChecked();
  await user.click(screen.getByRole("radio", { name: /As the week says/ }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent.some((one) => one.name === "UpdateCalendar")).toBe(true));
  const { input } = server.sent.find((one) => one.name === "UpdateCalendar")?.variables as {
    input: { exceptions: object[] };
  };
  expect(input.exceptions).toEqual([{ date: there, name: "Unity Day", hours: null }]);
});

test("somebody who may not administer reads and changes nothing", async () => {
  await openApp("/calendars?open=c1", { ...frameAnswers("VIEWER"), ...list(calendar()) });
  expect(await screen.findByRole("textbox", { name: "Name" })).toHaveAttribute("readonly");
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Fill in holidays" })).toBeNull();
});

test("holidays are shown before they are filled in", async () => {
  const { user, server } = await openApp("/calendars?open=c1", {
    ...frameAnswers(),
    ...list(calendar({ country: "RU" })),
    HolidayCountries: () => ({
      holidayCountries: [{ __typename: "HolidayCountry", code: "RU", subdivisions: [] }],
    }),
    HolidaysToFill: () => ({
      holidaysToFill: { __typename: "HolidaysPayload", added: [holiday], ...noProblems },
    }),
    FillHolidays: () => ({
      fillHolidays: {
        __typename: "HolidaysPayload",
        calendar: calendar({ exceptions: [holiday] }),
        added: [holiday],
        ...noProblems,
      },
    }),
  });
  await user.click(await screen.findByRole("button", { name: "Fill in holidays" }));
  expect(await screen.findByText("Unity Day")).toBeVisible();
  expect(screen.getByText("1 date will be added:")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Fill in" }));
  await waitFor(() => expect(server.sent.some((one) => one.name === "FillHolidays")).toBe(true));
});

test("minutes and clocks fit each other; an end at midnight is the coming one", () => {
  expect([clock(540), clock(1440), minutes("00:00", false), minutes("00:00", true)]).toEqual([
    "09:00",
    "00:00",
    0,
    1440,
  ]);
  expect(minutes("", true)).toBeNull();
  expect(hoursWords([{ start: 540, end: 1440 }])).toBe("09:00–24:00");
  expect(withMore([{ start: 540, end: 780 }]).at(-1)).toEqual({ start: 840, end: 1080 });
});

test("months begin on a Monday and keep their last day", () => {
  expect(weekdayOf("2026-11-24")).toBe(1);
  expect(monthsLater("2026-01-31", 1)).toBe("2026-02-28");
  expect(monthsLater("2026-01-31", -1)).toBe("2025-12-31");
  expect(weeksOf("2026-11-24").map((week) => week.filter(Boolean).length)).toEqual([1, 7, 7, 7, 7, 1]);
  expect([
    stepFrom("2026-11-24", "Home"),
    stepFrom("2026-11-24", "End"),
    stepFrom("2026-11-24", "x"),
  ]).toEqual(["2026-11-23", "2026-11-29", null]);
});
