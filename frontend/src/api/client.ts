// The one way to the server: queries by fetch, live news by a websocket, "sign in first" noticed in one place.
import {
  cacheExchange,
  Client,
  type CombinedError,
  type ExecutionResult,
  fetchExchange,
  mapExchange,
  subscriptionExchange,
} from "urql";
import { createClient as createSocket } from "graphql-ws/client";
import { useLink } from "./link";

export interface ClientHooks {
  /** The server no longer knows who we are. */
  onSignedOut: () => void;
  /** The language the answers should be in. */
  locale: () => string;
}

/** True when the server refuses because nobody is signed in. */
export function isSignedOut(error: CombinedError): boolean {
  const response = error.response as { status?: number } | undefined;
  return (
    response?.status === 401 || error.graphQLErrors.some((one) => one.extensions.code === "unauthenticated")
  );
}

/** A client of its own cache; make a new one after signing in or out, so nobody sees another person's data. */
export function makeClient({ onSignedOut, locale }: ClientHooks): Client {
  const { lost, restored } = useLink.getState();
  const socket = createSocket({
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
  return new Client({
    url: "/graphql",
    // Caches by GET would need persisted documents; the server answers POST only.
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetchOptions: () => ({ credentials: "same-origin", headers: { "Accept-Language": locale() } }),
    exchanges: [
      mapExchange({
        onResult(result) {
          if (result.error?.networkError) lost();
          else if (result.operation.kind !== "subscription") restored();
          if (result.error && isSignedOut(result.error)) onSignedOut();
        },
      }),
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query: request.query ?? "", variables: request.variables },
              {
                next: (value) => sink.next(value as ExecutionResult),
                error: (reason) => sink.error(reason),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
  });
}
