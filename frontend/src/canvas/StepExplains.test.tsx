import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { frameAnswers, openPart } from "../testing/render";
import { StepExplains } from "./StepExplains";

const rule = (words: string, holds: boolean, way: string | null = null) => ({ words, holds, case: way });

test("a filter says at which values it stopped", async () => {
  await openPart(
    <StepExplains
      step={{ port: "rejected", explains: [rule("amount (900) is not greater than 1000", false)] }}
    />,
    frameAnswers(),
  );
  const shown = screen.getByTestId("explains");
  expect(shown).toHaveTextContent("Stopped here, because");
  expect(within(shown).getByRole("listitem")).toHaveTextContent("amount (900) is not greater than 1000");
});

test("a switch says of each way why it was taken or not", async () => {
  const explains = [
    rule("5 is not greater than 9", false, "Big"),
    rule("5 is greater than 1", true, "Small"),
  ];
  await openPart(<StepExplains step={{ port: "c2", explains }} />, frameAnswers());
  const rows = within(screen.getByTestId("explains")).getAllByRole("listitem");
  expect(rows.map((one) => one.textContent)).toEqual([
    "Big: 5 is not greater than 9",
    "Small: 5 is greater than 1",
  ]);
  expect(rows.map((one) => one.getAttribute("data-holds"))).toEqual(["false", "true"]);
});

test("a step that decided nothing explains nothing", async () => {
  await openPart(<StepExplains step={{ port: "out", explains: [] }} />, frameAnswers());
  expect(screen.queryByTestId("explains")).toBeNull();
});
