import { act, render } from "@testing-library/react";
import { Client, type Exchange, makeResult, Provider } from "urql";
import { expect, test, vi } from "vitest";
import { filter, makeSubject, map, mergeMap, pipe, type Subject } from "wonka";
import { type NewsOf, useNews } from "./useNews";

interface Change {
  scenarioIds: string[];
  runIds: string[];
  notices: boolean;
}

const nothing: Change = { scenarioIds: [], runIds: [], notices: false };

/** A list about something, and a server that pushes. */
function open(about: NewsOf | "all") {
  const pushed: Subject<Change> = makeSubject();
  const pushing: Exchange = () => (operations) =>
    pipe(
      operations,
      filter((operation) => operation.kind === "subscription"),
      mergeMap((operation) =>
        pipe(
          pushed.source,
          map((change) => makeResult(operation, { data: { workspaceChanged: change }, hasNext: true })),
        ),
      ),
    );
  const client = new Client({ url: "/graphql", preferGetMethod: false, exchanges: [pushing] });
  const refresh = vi.fn();
  const List = () => {
    useNews(about, refresh);
    return null;
  };
  render(
    <Provider value={client}>
      <List />
    </Provider>,
  );
  return { refresh, push: (change: Partial<Change>) => act(() => pushed.next({ ...nothing, ...change })) };
}

test("a list asks again for what concerns it and for nothing else", () => {
  const runs = open("runs");
  runs.push({ notices: true });
  expect(runs.refresh).not.toHaveBeenCalled();
  runs.push({ scenarioIds: ["s1"], runIds: ["r1"] });
  runs.push({ scenarioIds: ["s1"] });
  expect(runs.refresh).toHaveBeenCalledTimes(2);

  const notices = open("notices");
  notices.push({ runIds: ["r1"] });
  expect(notices.refresh).not.toHaveBeenCalled();
  notices.push({ notices: true });
  expect(notices.refresh).toHaveBeenCalledTimes(1);
});

test("the first greeting changes nothing; a later one means that something may have been missed", () => {
  const list = open("all");
  list.push({});
  expect(list.refresh).not.toHaveBeenCalled();
  list.push({});
  expect(list.refresh).toHaveBeenCalledTimes(1);
});

test("without any news a list still asks now and then", () => {
  vi.useFakeTimers();
  const list = open("runs");
  act(() => {
    vi.advanceTimersByTime(61_000);
  });
  expect(list.refresh).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});
