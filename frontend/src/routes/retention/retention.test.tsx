import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { frameAnswers, openApp } from "../../testing/render";
import { limitsOf, read, typedOf } from "./limits";

/** The screen is a chunk of its own, and what would go is asked a moment after typing. */
const patient = { timeout: 5_000 };

const shown = (over: object = {}) => ({
  RetentionShown: () => ({
    retention: {
      __typename: "Retention",
      days: 90,
      maxRuns: null,
      maxMegabytes: null,
      overflowing: false,
      tables: [
        { __typename: "HistoryTable", name: "run", bytes: 12_400_000 },
        { __typename: "HistoryTable", name: "event", bytes: 2_000_000 },
      ],
      ...over,
    },
  }),
  RetentionWould: ({ input }: { input?: { days: number | null } }) => ({
    retentionPreview: {
      __typename: "RetentionPreview",
      runs: input?.days === 30 ? 1200 : 0,
      open: input?.days === 30 ? 1 : 0,
      before: null,
    },
  }),
});

test("limits are read as whole numbers, with spaces, and nothing is no limit", () => {
  expect(["", " ", "1 000", "12\u00a0000"].map(read)).toEqual([null, null, 1000, 12_000]);
  expect(["0", "-1", "1.5", "x", "99999999999"].map(read)).toEqual(Array(5).fill(undefined));
  expect(typedOf({ days: 90, maxRuns: null, maxMegabytes: 5 })).toEqual({
    days: "90",
    maxRuns: "",
    maxMegabytes: "5",
  });
  expect(limitsOf({ days: "9o", maxRuns: "", maxMegabytes: "" })).toBeUndefined();
});

test("what would go is told before anything is saved, and saving sends all limits", async () => {
  const { user, server } = await openApp("/retention", {
    ...frameAnswers(),
    ...shown(),
    SetRetention: () => ({
      setRetention: {
        __typename: "RetentionPayload",
        retention: { __typename: "Retention", days: 30, maxRuns: null, maxMegabytes: null },
        problems: [],
      },
    }),
  });
  const days = await screen.findByRole("textbox", { name: "Days" }, patient);
  expect(
    await screen.findByText("With these limits nothing would go now.", undefined, patient),
  ).toBeVisible();
  expect(screen.getByRole("row", { name: /Together/ })).toHaveTextContent("14.4 MB");
  await user.clear(days);
  await user.type(days, "30");
  expect(await screen.findByText(/1,?200 runs would go now/, undefined, patient)).toHaveTextContent(
    "1 old run stays",
  );
  expect(server.sent.some((one) => one.name === "SetRetention")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent.some((one) => one.name === "SetRetention")).toBe(true));
  expect(server.sent.find((one) => one.name === "SetRetention")?.variables).toEqual({
    input: { days: 30, maxRuns: null, maxMegabytes: null },
  });
});

test("a number nobody can mean is said at its field and cannot be saved; a wrong clock is told", async () => {
  const { user } = await openApp("/retention", { ...frameAnswers(), ...shown({ overflowing: true }) });
  const runs = await screen.findByRole("textbox", { name: "Runs" }, patient);
  await user.type(runs, "many");
  expect(screen.getByText("A whole number, or nothing for no limit")).toBeVisible();
  expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
  expect(screen.getByText("A clock seems to be wrong")).toBeVisible();
});
