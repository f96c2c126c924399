import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { frameAnswers, openPart } from "../testing/render";
import { RunQuestions } from "./RunQuestion";

const run = { id: "r1", steps: [{ nodeId: "mail", title: "Write to the client" }] };
const effect = {
  __typename: "Effect",
  key: "k1",
  nodeId: "mail",
  preview: "Letter to ivan@example.com: “Your order”",
  intendedAt: new Date(Date.now() - 5 * 60_000).toISOString(),
};
const effects = (...nodes: (typeof effect)[]) => ({
  effects: { __typename: "EffectConnection", nodes },
});

test.each([
  ["It was sent", "SENT"],
  ["Send again", "AGAIN"],
  ["Skip it", "SKIP"],
])("“%s” is told to the server, and the run is asked for again", async (words, answer) => {
  let open = [effect];
  const onAnswered = vi.fn();
  const { user, server } = await openPart(<RunQuestions run={run} onAnswered={onAnswered} />, {
    ...frameAnswers("BUILDER"),
    RunQuestions: () => effects(...open),
    SettleEffect: () => {
      open = [];
      return {
        settleEffect: {
          __typename: "SettleEffectPayload",
          effect: { __typename: "Effect", key: "k1", state: "DONE" },
          problems: [],
        },
      };
    },
  });
  const panel = await screen.findByRole("region", { name: "Was it sent?" });
  expect(panel).toHaveTextContent("Write to the client");
  expect(panel).toHaveTextContent("5 minutes ago");
  expect(panel).toHaveTextContent("Letter to ivan@example.com: “Your order”");
  await user.click(screen.getByRole("button", { name: words }));
  expect(server.sent.find((one) => one.name === "SettleEffect")?.variables).toEqual({ key: "k1", answer });
  expect(onAnswered).toHaveBeenCalledOnce();
  await waitFor(() => expect(panel).not.toBeInTheDocument());
});

test("an answer that came too late says so", async () => {
  const { user } = await openPart(<RunQuestions run={run} onAnswered={vi.fn()} />, {
    ...frameAnswers(),
    RunQuestions: () => effects(effect),
    SettleEffect: () => ({
      settleEffect: {
        __typename: "SettleEffectPayload",
        effect: null,
        problems: [
          {
            __typename: "Problem",
            code: "effect_settled",
            message: "This question has been answered.",
            fix: "",
            severity: "ERROR",
            nodeId: null,
            path: [],
          },
        ],
      },
    }),
  });
  await user.click(await screen.findByRole("button", { name: "Skip it" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("This question has been answered.");
});

test("a viewer sees the question and who can answer it", async () => {
  await openPart(<RunQuestions run={run} onAnswered={vi.fn()} />, {
    ...frameAnswers("VIEWER"),
    RunQuestions: () => effects(effect),
  });
  expect(await screen.findByText(/A builder or an owner can answer/)).toBeInTheDocument();
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});
