import { expect, test } from "vitest";
import { fit, onOtherLayout } from "./typedWith";

test("a word typed on the wrong layout reads as the other one", () => {
  expect(onOtherLayout("rjyn")).toBe("конт");
  expect(onOtherLayout("ыс")).toBe("sc");
});

test("a Russian title is found by Latin keys, and the other way round", () => {
  expect(fit("Новый контакт", "rjyn")).toBeGreaterThan(0);
  expect(fit("Scenarios", "ысут")).toBeGreaterThan(0);
  expect(fit("Новый контакт", "zzz")).toBe(0);
});

test("the start of a title ranks above the start of a word, that above a middle", () => {
  const [start, word, middle] = ["Заявка", "Новая заявка", "Перезаявка"].map((title) => fit(title, "заявк"));
  expect(start).toBeGreaterThan(word ?? 0);
  expect(word).toBeGreaterThan(middle ?? 0);
});

test("ё and е are one letter in a search", () => {
  expect(fit("Счёт клиенту", "счет")).toBeGreaterThan(0);
});
