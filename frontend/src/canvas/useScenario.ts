// One open scenario: loaded once into a document, saved by itself, its problems and state as the server sees them.
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLingui } from "@lingui/react/macro";
import { type Client, type CombinedError, useClient } from "urql";
import {
  BuilderScenarioDocument,
  type BuilderScenarioFragment,
  SaveDraftDocument,
} from "../api/generated/builder";
import { useMay, useViewer } from "../api/session";
import { Commands } from "../graph/commands";
import { normalise, ScenarioDoc } from "../graph/doc";
import type { GraphJson, Types } from "../graph/types";
import { sameJson } from "../graph/values";
import { Kept } from "./kept";
import { type SaveAnswer, Saver, type SaveState } from "./saver";
import { useView } from "./view";

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
  kept: Kept;
  /** The revision the document stands on; older than the server's when kept changes meet those of a colleague. */
  revision: number;
  /** The document holds changes the server never got. */
  isAhead: boolean;
}

export function useScenario(id: string, types: Types): ScenarioState {
  const client = useClient();
  const may = useMay("build");
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState<CombinedError | "missing" | null>(null);
  const [tries, setTries] = useState(0);
  const me = useViewer().user?.id ?? "";
  const latestTypes = useRef(types);
  useEffect(() => {
    latestTypes.current = types;
  });

  useEffect(() => {
    let gone = false;
    const kept = new Kept(me, id);
    const asked = client
      .query(BuilderScenarioDocument, { id }, { requestPolicy: "network-only" })
      .toPromise();
    void Promise.all([asked, kept.found()]).then(([{ data, error }, found]) => {
      if (gone) return;
      const first = data?.scenario;
      if (error && !data) setProblem(error);
      else if (!first) setProblem("missing");
      else {
        const theirs = normalise(first.draft);
        const mine = may ? found.draft : null;
        const isAhead = mine !== null && !sameJson(mine.graph, theirs);
        if (mine && !isAhead) void kept.drop();
        const doc = new ScenarioDoc(isAhead ? mine.graph : theirs);
        if (may && found.history) doc.history.restore(found.history);
        const revision = isAhead ? mine.revision : first.draftRevision;
        const commands = new Commands(doc, () => latestTypes.current);
        setLoaded({ first, doc, commands, kept, revision, isAhead });
        setProblem(null);
      }
    });
    return () => {
      gone = true;
    };
  }, [client, id, me, may, tries]);

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

  const saver = useMemo<ScenarioSaver | null>(() => {
    if (!loaded) return null;
    const { doc: saved, kept } = loaded;
    const made: ScenarioSaver = new Saver({
      revision: loaded.revision,
      read: saved.toJSON,
      send: (next, base) => send(client, id, next, base),
      onState: (state) => {
        setSaveState(state);
        if (state.phase === "saved") void kept.drop();
      },
      onSaved: (news) => {
        setScenario(news);
        // What was changed meanwhile stands on the new revision.
        if (made.isWaiting) kept.keep(saved.toJSON(), made.revision, () => saved.history.keep());
      },
    });
    return made;
  }, [loaded, client, id]);
  useEffect(() => {
    if (!loaded || !saver) return;
    const { doc: open, kept } = loaded;
    const stop = open.subscribe(() => {
      kept.keep(open.toJSON(), saver.revision, () => open.history.keep());
      saver.changed();
    });
    if (loaded.isAhead) {
      useView.getState().say(t`Your changes that had not reached the server are back.`);
      saver.changed();
    }
    const warn = (event: BeforeUnloadEvent) => {
      if (saver.isDirty && !kept.isSafe) event.preventDefault();
    };
    const leave = () => void kept.flush();
    window.addEventListener("beforeunload", warn);
    window.addEventListener("pagehide", leave);
    return () => {
      stop();
      window.removeEventListener("beforeunload", warn);
      window.removeEventListener("pagehide", leave);
      void kept.flush();
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
