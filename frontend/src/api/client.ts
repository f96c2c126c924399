// The one way to the server: queries by fetch, live news by a websocket, "sign in first" noticed in one place.
import {
  cacheExchange,
  Client,
  type CombinedError,
  fetchExchange,
  mapExchange,
  subscriptionExchange,
} from "urql";
import { useLink } from "./link";
import { makeForwarder } from "./socket";

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
  return new Client({
    url: "/graphql",
    // The server answers POST only.
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
      subscriptionExchange({ forwardSubscription: makeForwarder() }),
    ],
  });
}
