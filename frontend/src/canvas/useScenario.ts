// One open scenario: loaded once into a document, saved by itself, its problems and state as the server sees them.
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLingui } from "@lingui/react/macro";
import { type Client, type CombinedError, useClient } from "urql";
import {
  BuilderScenarioDocument,
  type BuilderScenarioFragment,
  SaveDraftDocument,
} from "../api/generated/graphql";
import { Commands } from "../graph/commands";
import { normalise, ScenarioDoc } from "../graph/doc";
import type { GraphJson, Types } from "../graph/types";
import { type SaveAnswer, Saver, type SaveState } from "./saver";

export type ScenarioSaver = Saver<GraphJson, BuilderScenarioFragment>;
export type ScenarioSaveState = SaveState<BuilderScenarioFragment>;

export interface OpenScenario {
  scenario: BuilderScenarioFragment;
  doc: ScenarioDoc;
  commands: Commands;
  saver: ScenarioSaver;
  saveState: ScenarioSaveState;
  graph: GraphJson;
  /** Take over what a mutation answered, without touching the document. */
  learn: (scenario: Partial<BuilderScenarioFragment>) => void;
}

export type ScenarioState =
  | { phase: "loading" }
  | { phase: "missing" }
  | { phase: "failed"; error: CombinedError; again: () => void }
  | { phase: "open"; open: OpenScenario };

interface Loaded {
  first: BuilderScenarioFragment;
  doc: ScenarioDoc;
  commands: Commands;
}

export function useScenario(id: string, types: Types): ScenarioState {
  const client = useClient();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState<CombinedError | "missing" | null>(null);
  const [tries, setTries] = useState(0);
  const latestTypes = useRef(types);
  useEffect(() => {
    latestTypes.current = types;
  });

  useEffect(() => {
    let gone = false;
    void client
      .query(BuilderScenarioDocument, { id }, { requestPolicy: "network-only" })
      .toPromise()
      .then(({ data, error }) => {
        if (gone) return;
        const first = data?.scenario;
        if (error && !data) setProblem(error);
        else if (!first) setProblem("missing");
        else {
          const doc = new ScenarioDoc(normalise(first.draft));
          setLoaded({ first, doc, commands: new Commands(doc, () => latestTypes.current) });
          setProblem(null);
        }
      });
    return () => {
      gone = true;
    };
  }, [client, id, tries]);

  const open = useOpen(id, loaded);
  if (open) return { phase: "open", open };
  if (problem === "missing") return { phase: "missing" };
  if (problem) return { phase: "failed", error: problem, again: () => setTries(tries + 1) };
  return { phase: "loading" };
}

const nothing = new ScenarioDoc();

function useOpen(id: string, loaded: Loaded | null): OpenScenario | null {
  const { t } = useLingui();
  const client = useClient();
  const [scenario, setScenario] = useState<BuilderScenarioFragment | null>(null);
  const [saveState, setSaveState] = useState<ScenarioSaveState>({ phase: "saved" });
  const first = loaded?.first;
  const learn = useCallback(
    (news: Partial<BuilderScenarioFragment>) => {
      setScenario((old) => {
        const known = old ?? first;
        return known ? { ...known, ...news } : old;
      });
    },
    [first],
  );
  const doc = loaded?.doc ?? nothing;
  const graph = useSyncExternalStore(doc.subscribe, doc.toJSON);

  const saver = useMemo<ScenarioSaver | null>(
    () =>
      loaded &&
      new Saver({
        revision: loaded.first.draftRevision,
        read: loaded.doc.toJSON,
        send: (next, base) => send(client, id, next, base),
        onState: setSaveState,
        onSaved: setScenario,
      }),
    [loaded, client, id],
  );
  useEffect(() => {
    if (!loaded || !saver) return;
    const stop = loaded.doc.subscribe(() => saver.changed());
    const warn = (event: BeforeUnloadEvent) => {
      if (saver.isDirty) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => {
      stop();
      window.removeEventListener("beforeunload", warn);
      // Leaving the page inside the app: what is open is saved on the way out.
      if (saver.isDirty) void saver.flush();
      else saver.stop();
    };
  }, [loaded, saver, t]);

  const now = scenario ?? loaded?.first;
  return loaded && saver && now
    ? { scenario: now, doc: loaded.doc, commands: loaded.commands, saver, saveState, graph, learn }
    : null;
}

async function send(
  client: Client,
  id: string,
  graph: GraphJson,
  baseRevision: number,
): Promise<SaveAnswer<BuilderScenarioFragment>> {
  const { data, error } = await client.mutation(SaveDraftDocument, { id, baseRevision, graph }).toPromise();
  if (!data) {
    const words = error?.graphQLErrors[0]?.message;
    return words === undefined ? { kind: "unreachable" } : { kind: "refused", message: words };
  }
  const { scenario, problems, conflict } = data.saveDraft;
  if (conflict && scenario)
    return { kind: "conflict", theirs: { revision: scenario.draftRevision, scenario } };
  if (!scenario) return { kind: "refused", message: problems[0]?.message ?? "" };
  return { kind: "saved", revision: scenario.draftRevision, scenario };
}
