// Who is signed in. One client per session: signing in or out starts with an empty cache.
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react";
import { type Client, Provider } from "urql";
import { currentLocale } from "../ui/i18n";
import { type ClientHooks, makeClient } from "./client";
import { SessionDocument, type SessionQuery } from "./generated/graphql";
import type { Role, Viewer } from "./types";

export type SessionState =
  | { phase: "asking" }
  | { phase: "unreachable" }
  | { phase: "known"; install: SessionQuery["install"]; viewer: Viewer | null };

interface Session {
  state: SessionState;
  /** Ask the server again who we are, with a fresh client. */
  renew: () => void;
}

const SessionContext = createContext<Session | null>(null);

interface ProviderProps {
  children: ReactNode;
  /** Tests answer from data of their own. */
  connect?: (hooks: ClientHooks) => Client;
}

const retryEvery = 2_000;

export function SessionProvider({ children, connect = makeClient }: ProviderProps) {
  const [epoch, setEpoch] = useState(0);
  const [state, setState] = useState<SessionState>({ phase: "asking" });
  const renew = useCallback(() => setEpoch((was) => was + 1), []);

  const client = useMemo(
    () =>
      connect({
        locale: currentLocale,
        onSignedOut: () =>
          setState((was) => (was.phase === "known" && was.viewer ? { ...was, viewer: null } : was)),
      }),
    // A new epoch means a new person: nothing of the old cache may stay.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [epoch, connect],
  );

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const ask = async () => {
      const { data } = await client.query(SessionDocument, {}, { requestPolicy: "network-only" }).toPromise();
      if (gone) return;
      if (data) {
        setState({ phase: "known", install: data.install, viewer: data.viewer });
        return;
      }
      setState((was) => (was.phase === "known" ? was : { phase: "unreachable" }));
      timer = setTimeout(() => void ask(), retryEvery);
    };
    void ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client]);

  const session = useMemo(() => ({ state, renew }), [state, renew]);
  return (
    <SessionContext value={session}>
      <Provider value={client}>{children}</Provider>
    </SessionContext>
  );
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("useSession needs a SessionProvider above it");
  return session;
}

/** The signed-in person; only for screens behind the sign-in. */
export function useViewer(): Viewer {
  const { state } = useSession();
  if (state.phase !== "known" || !state.viewer)
    throw new Error("useViewer is for screens behind the sign-in");
  return state.viewer;
}

const rights: Record<Role, readonly Right[]> = {
  VIEWER: [],
  MEMBER: ["work"],
  BUILDER: ["work", "build"],
  OWNER: ["work", "build", "administer"],
};

/**
 * `work`: add and change records. `build`: change, publish, run, delete scenarios. `administer`: people and keys.
 * The server decides; this hides.
 */
export type Right = "work" | "build" | "administer";

export function useMay(right: Right): boolean {
  return rights[useViewer().role].includes(right);
}
