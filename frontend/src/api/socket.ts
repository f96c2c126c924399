// Live news by a websocket. The library is fetched with the first subscription, not with the first screen.
import type { Client as SocketClient } from "graphql-ws/client";
import type { SubscriptionForwarder } from "urql";
import { useLink } from "./link";

async function openSocket(): Promise<SocketClient> {
  const { createClient } = await import("graphql-ws/client");
  const { lost, restored } = useLink.getState();
  return createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    keepAlive: 20_000,
    // An idle socket closes by itself, so leaving a live screen costs nothing.
    lazyCloseTimeout: 5_000,
    on: {
      connected: restored,
      closed: (event) => {
        if (!(event instanceof CloseEvent) || event.code !== 1000) lost();
      },
    },
  });
}

/** What urql's subscription exchange calls; one socket for one client. */
export function makeForwarder(): SubscriptionForwarder {
  let opening: Promise<SocketClient> | undefined;

  return ({ query = "", variables }) => ({
    subscribe: (sink) => {
      let stopped = false;
      let stop = () => {
        stopped = true;
      };
      opening ??= openSocket();
      void opening.then((socket) => {
        if (stopped) return;
        stop = socket.subscribe(
          { query, variables },
          {
            next: (value) => sink.next(value as Parameters<typeof sink.next>[0]),
            error: (reason) => sink.error(reason),
            complete: () => sink.complete(),
          },
        );
      }, sink.error.bind(sink));
      return { unsubscribe: () => stop() };
    },
  });
}
