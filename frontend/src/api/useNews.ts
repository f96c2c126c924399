// Keeps a list fresh: asks again when the server says that something changed, and seldom by itself besides.
import { useEffect, useRef } from "react";
import { useSubscription } from "urql";
import { useEveryWhileVisible } from "../ui/useEveryWhileVisible";
import { WorkspaceChangedDocument } from "./generated/graphql";

/** What the list shows: runs and scenarios, or notices, or both. */
export type NewsOf = "runs" | "notices";

const fallbackEvery = 30_000;

export function useNews(about: NewsOf | "all", refresh: () => void): void {
  const [{ data }] = useSubscription({ query: WorkspaceChangedDocument });
  const change = data?.workspaceChanged;
  const latest = useRef(refresh);
  const greeted = useRef(false);
  useEffect(() => {
    latest.current = refresh;
  });
  useEffect(() => {
    if (!change) return;
    const runs = change.scenarioIds.length > 0 || change.runIds.length > 0;
    // An empty message greets a new connection. After a lost one it means: something may have been missed.
    const greeting = !runs && !change.notices;
    const first = greeting && !greeted.current;
    greeted.current = true;
    const concerned = greeting || (about !== "notices" && runs) || (about !== "runs" && change.notices);
    // A page that is not looked at asks when it is looked at again.
    if (concerned && !first && !document.hidden) latest.current();
  }, [change, about]);
  useEveryWhileVisible(fallbackEvery, refresh);
}
