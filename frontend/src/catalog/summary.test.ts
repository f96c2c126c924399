import { setupI18n } from "@lingui/core";
import { describe, expect, it } from "vitest";
import { graph, node, TYPES } from "../testing/graphs";
import { messages as ru } from "../locales/builder.ru.po";
import { messages as en } from "../locales/builder.en.po";
import { scheduleWords } from "./schedule";
import { summaryOf } from "./summary";
import { amountOf, deedWords } from "./words";

const english = setupI18n({ locale: "en", messages: { en } });
const russian = setupI18n({ locale: "ru", messages: { ru } });

const rule = (op: string, right?: unknown) => ({
  left: { $ref: ["hook", "body", "amount"] },
  op,
  ...(right === undefined ? {} : { right }),
});

function said(params: Record<string, unknown>, type = "logic.if", i18n = english): string {
  const step = node("s", type, { params: params as never });
  return summaryOf(step, { i18n, graph: graph([node("hook", "webhook.received"), step]), types: TYPES });
}

describe("the line under a step's title", () => {
  it("says a condition in words, with the sign for comparisons", () => {
    expect(said({ conditions: { match: "all", rules: [rule("gt", 1000)] } })).toBe("amount > 1000");
    expect(said({ conditions: { match: "any", rules: [rule("is_empty"), rule("contains", "x")] } })).toBe(
      "amount is empty or amount contains x",
    );
  });

  it("puts groups into brackets and leaves unfinished rules out", () => {
    const inner = { match: "any", rules: [rule("eq", 1), rule("eq", 2)] };
    const rules = [rule("gt", 5), inner, { left: "", op: "eq", right: "" }];
    expect(said({ conditions: { match: "all", rules } })).toBe("amount > 5 and (amount = 1 or amount = 2)");
  });

  it("speaks Russian", () => {
    const rules = [rule("is_not_empty"), rule("lt", 3)];
    expect(said({ conditions: { match: "all", rules } }, "logic.if", russian)).toBe(
      "amount заполнено и amount < 3",
    );
  });

  it("names fields, addresses and mixed text in the order of the form", () => {
    const fields = [
      { name: "total", value: 5 },
      { name: "who", value: { $ref: ["hook", "body", "name"] } },
      { name: "" },
    ];
    expect(said({ fields }, "data.set_fields")).toBe("total = 5, who = name");
    const subject = { $text: ["Deal ", { $ref: ["hook", "body", "amount"] }] };
    expect(said({ subject, to: ["a@b.c"] }, "mail.send")).toBe("a@b.c · Deal [amount]");
  });

  it("says a formula with the names of its data", () => {
    const fields = [{ name: "total", value: { $formula: "@hook.body.amount * 2" } }];
    expect(said({ fields }, "data.set_fields")).toBe("total = amount * 2");
    const left = { $formula: "ABS(@hook.body.amount)" };
    const rules = [{ left, op: "gt", right: { $formula: "10 * 3" } }];
    expect(said({ conditions: { match: "all", rules } })).toBe("ABS(amount) > 10 * 3");
  });

  it("says nothing when nothing is set", () => {
    expect(said({ conditions: { match: "all", rules: [] } })).toBe("");
    expect(said({}, "unknown.type")).toBe("");
  });
});

describe("words with numbers", () => {
  it("decline in Russian", () => {
    expect([1, 2, 5].map((n) => amountOf(russian, n, "hours"))).toEqual(["1 час", "2 часа", "5 часов"]);
    expect(amountOf(english, 1, "days")).toBe("1 day");
  });

  it("tell what was undone", () => {
    expect(deedWords(english, { verb: "remove", name: "Call", count: 1 })).toBe("step Call removed");
    expect(deedWords(russian, { verb: "remove", name: "", count: 3 })).toBe("удалено 3 шага");
  });

  it("say a schedule without cron", () => {
    expect(scheduleWords(english, { every: "week", weekdays: [1, 5], at: "10:30" })).toBe(
      "Mon, Fri at 10:30",
    );
    expect(scheduleWords(english, { every: "minutes", interval: 5 })).toBe("every 5 minutes");
    expect(scheduleWords(russian, { every: "day", at: "09:00", interval: 1 })).toBe("каждый день в 09:00");
  });
});
