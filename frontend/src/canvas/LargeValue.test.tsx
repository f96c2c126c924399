import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { frameAnswers, openPart } from "../testing/render";
import { DataView } from "./DataView";

const URL = `/blobs/0190a6f0-0000-7000-8000-000000000000/${"ab".repeat(32)}`;
const large = { $blob: "ab".repeat(32), bytes: 1_258_291, head: "Dear Anna" };

test("a large value shows its beginning and a link to the whole", async () => {
  await openPart(<DataView value={{ text: { ...large, url: URL } }} />, frameAnswers("VIEWER"));
  expect(await screen.findByText("Dear Anna…")).toBeVisible();
  expect(screen.getByRole("link", { name: "Download all of it (1.2 MB)" })).toHaveAttribute("href", URL);
});

test("one that was cut says so and links to nothing", async () => {
  await openPart(<DataView value={{ text: { ...large, cut: true } }} />, frameAnswers("VIEWER"));
  expect(await screen.findByText(/Too large: 1.2 MB/)).toBeVisible();
  expect(screen.queryByRole("link")).toBeNull();
});

test("data that only looks like one is shown as data", async () => {
  await openPart(
    <DataView value={{ text: { ...large, url: "https://evil.example" } }} />,
    frameAnswers("VIEWER"),
  );
  expect(await screen.findByText("https://evil.example")).toBeVisible();
  expect(screen.queryByRole("link")).toBeNull();
});
