import { act, render, screen } from "@testing-library/react";
import { Provider } from "urql";
import { expect, test } from "vitest";
import { fakeServer } from "../testing/fakeServer";
import { frameAnswers } from "../testing/render";
import { SessionDocument } from "./generated/graphql";
import { useKept } from "./useKept";

function Version() {
  const { data, error, again } = useKept(SessionDocument);
  return (
    <button onClick={again}>
      {data?.install.version ?? "nothing"} {error ? "failed" : "fine"}
    </button>
  );
}

test("what was shown stays when asking again fails", async () => {
  let reachable = true;
  const server = fakeServer({
    Session: (variables) => {
      if (!reachable) throw new Error("no network");
      return frameAnswers().Session?.(variables) ?? {};
    },
  });
  render(
    <Provider value={server.connect()}>
      <Version />
    </Provider>,
  );
  expect(await screen.findByText("0.1.0 fine")).toBeInTheDocument();
  const before = server.sent.length;
  reachable = false;
  await act(async () => {
    screen.getByRole("button").click();
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  expect(server.sent.length).toBeGreaterThan(before);
  expect(screen.getByText("0.1.0 fine")).toBeInTheDocument();
});

test("a first question that fails is told", async () => {
  const server = fakeServer({});
  render(
    <Provider value={server.connect()}>
      <Version />
    </Provider>,
  );
  expect(await screen.findByText("nothing failed")).toBeInTheDocument();
});
