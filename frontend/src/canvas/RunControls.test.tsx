import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { RunStatus } from "../api/types";
import { frameAnswers, openPart } from "../testing/render";
import { RunCause, RunControls, RunReason } from "./RunControls";

const run = (status: RunStatus, finishedAt: string | null = null) => ({ id: "r1", status, finishedAt });
const done = (status: RunStatus) => ({
  change: {
    __typename: "RunChangePayload",
    run: { __typename: "Run", id: "r1", status },
    problems: [],
  },
});

test("a run is paused at once, and the screen asks for it again", async () => {
  const onChanged = vi.fn();
  const { user, server } = await openPart(<RunControls run={run("WAITING")} onChanged={onChanged} />, {
    ...frameAnswers("BUILDER"),
    PauseRun: () => done("PAUSED"),
  });
  await user.click(screen.getByRole("button", { name: "Pause" }));
  expect(server.sent.at(-1)).toMatchObject({ name: "PauseRun", variables: { id: "r1" } });
  expect(onChanged).toHaveBeenCalledOnce();
});

test("a paused run offers to go on, and says why it could not", async () => {
  const problem = {
    __typename: "Problem",
    code: "run_over",
    message: "This run is over.",
    fix: "Only a run that has not ended can be resumed.",
    severity: "ERROR",
    nodeId: null,
    path: [],
  };
  const onChanged = vi.fn();
  const { user } = await openPart(<RunControls run={run("PAUSED")} onChanged={onChanged} />, {
    ...frameAnswers(),
    ResumeRun: () => ({ change: { __typename: "RunChangePayload", run: null, problems: [problem] } }),
  });
  expect(screen.queryByRole("button", { name: "Pause" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Resume" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("This run is over. Only a run");
  expect(onChanged).toHaveBeenCalledOnce();
});

test("cancelling asks first", async () => {
  const onChanged = vi.fn();
  const { user, server } = await openPart(<RunControls run={run("UNKNOWN")} onChanged={onChanged} />, {
    ...frameAnswers(),
    CancelRun: () => done("CANCELLED"),
  });
  await user.click(screen.getByRole("button", { name: "Cancel…" }));
  const dialog = await screen.findByRole("dialog", { name: "Cancel this run?" });
  expect(server.sent.some((one) => one.name === "CancelRun")).toBe(false);
  await user.click(within(dialog).getByRole("button", { name: "Cancel the run" }));
  expect(server.sent.at(-1)).toMatchObject({ name: "CancelRun", variables: { id: "r1" } });
  expect(onChanged).toHaveBeenCalledOnce();
});

test("a run that is over has no controls", async () => {
  await openPart(
    <RunControls run={run("FAILED", "2026-11-24T10:00:00Z")} onChanged={vi.fn()} />,
    frameAnswers(),
  );
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});

const cause = { words: "Paused by Anna.", fix: "Resume it to let it go on.", until: null };

test("a viewer reads what the run waits for, without controls or advice to use them", async () => {
  await openPart(
    <>
      <RunCause cause={cause} />
      <RunControls run={run("PAUSED")} onChanged={vi.fn()} />
    </>,
    frameAnswers("VIEWER"),
  );
  expect(screen.getByTestId("run-cause")).toHaveTextContent(/^Paused by Anna\.$/);
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});

test("the cause comes with its remedy and its moment", async () => {
  const until = new Date(Date.now() + 2 * 3_600_000 + 60_000).toISOString();
  await openPart(<RunCause cause={{ ...cause, until }} />, frameAnswers("BUILDER"));
  expect(screen.getByTestId("run-cause")).toHaveTextContent(
    "Paused by Anna. Resume it to let it go on. Goes on in 2 hours.",
  );
});

test("a run that was skipped says why; what a step is to blame for stands at the step", async () => {
  const error = {
    code: "skipped_full",
    message: "Skipped: other runs of the scenario were under way.",
    fix: "Nothing is to be done.",
    nodeId: null,
    field: null,
    details: "",
  };
  await openPart(
    <>
      <RunReason error={error} />
      <RunReason error={{ ...error, nodeId: "mail", message: "No address" }} />
    </>,
    frameAnswers(),
  );
  expect(screen.getByTestId("run-reason")).toHaveTextContent(
    "Skipped: other runs of the scenario were under way. Nothing is to be done.",
  );
  expect(screen.queryByText("No address")).not.toBeInTheDocument();
});
