import { expect, test } from "vitest";
import { relativeWords } from "./Ago";

const now = Date.parse("2026-11-24T12:00:00Z");
const before = (seconds: number) => new Date(now - seconds * 1_000);

test("what just happened is now, not in the future", () => {
  expect(relativeWords(before(2), now, "en")).toBe("now");
  expect(relativeWords(before(2), now, "ru")).toBe("сейчас");
});

test("minutes, hours and days are told in words", () => {
  expect(relativeWords(before(5 * 60), now, "en")).toBe("5 minutes ago");
  expect(relativeWords(before(3 * 3_600), now, "ru")).toBe("3 часа назад");
  expect(relativeWords(before(86_400), now, "en")).toBe("yesterday");
});

test("more than a week ago is a date, with the year when it is another", () => {
  expect(relativeWords(before(30 * 86_400), now, "en")).toBe("Oct 25");
  expect(relativeWords(before(400 * 86_400), now, "en")).toContain("2025");
});
