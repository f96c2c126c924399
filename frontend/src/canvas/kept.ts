/**
 * What must outlive this window: changes the server does not have yet, and the history of undo.
 *
 * Both lie in the browser's own database. A draft belongs to one window (two windows of one scenario never overwrite
 * each other's), the history to the person and the scenario. Without such a database (a locked-down browser) the
 * builder works as before and the window asks before it is closed.
 */

import { createStore, delMany, entries, get, set, del, type UseStore } from "idb-keyval";
import type { KeptHistory } from "../graph/history";
import type { GraphJson } from "../graph/types";

/** Changes not on the server, and the revision they were made on. */
export interface KeptDraft {
  graph: GraphJson;
  revision: number;
  at: number;
}

interface StoredHistory {
  history: KeptHistory;
  at: number;
}

const PAUSE_MS = 120;
const HISTORY_PAUSE_MS = 700;
const OLDEST_MS = 60 * 24 * 3600 * 1000;
const HISTORIES = 30;
/** A draft of another window younger than this may still be written by it. */
const ALIVE_MS = 30_000;

function windowId(): string {
  const known = sessionStorage.getItem("potok.window");
  if (known !== null) return known;
  const fresh = crypto.getRandomValues(new Uint32Array(2)).join("-");
  sessionStorage.setItem("potok.window", fresh);
  return fresh;
}

/** The names of windows that are open now; null where the browser does not tell. */
async function openWindows(): Promise<Set<string> | null> {
  // Locks exist on secure pages only; an office may serve plain HTTP.
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return null;
  const { held = [] } = await locks.query();
  return new Set(held.flatMap(({ name }) => (name ? [name] : [])));
}

function sayOpen(window: string): void {
  const locks = navigator.locks as LockManager | undefined;
  // Held as long as the window lives.
  void locks?.request(`potok.window.${window}`, { ifAvailable: true }, () => new Promise(() => undefined));
}

export class Kept {
  private readonly store: UseStore;
  private readonly scenario: string;
  private readonly window = windowId();
  private draft: KeptDraft | null = null;
  private isStored = true;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private historyTimer: ReturnType<typeof setTimeout> | undefined;
  private history: (() => KeptHistory) | null = null;
  private adopted: string[] = [];

  constructor(person: string, scenario: string) {
    this.store = createStore("potok", "builder");
    this.scenario = `${person}/${scenario}`;
    sayOpen(this.window);
  }

  /** What an earlier window left: the newest draft that is in nobody's hands, and the history. */
  async found(): Promise<{ draft: KeptDraft | null; history: KeptHistory | null }> {
    try {
      const all = await entries<string, KeptDraft | StoredHistory>(this.store);
      const alive = await openWindows();
      const now = Date.now();
      const prefix = `draft/${this.scenario}/`;
      const drafts = all
        .filter((entry): entry is [string, KeptDraft] => entry[0].startsWith(prefix))
        .filter(([key, { at }]) => {
          const owner = key.slice(prefix.length);
          if (owner === this.window) return true;
          return alive ? !alive.has(`potok.window.${owner}`) : now - at > ALIVE_MS;
        })
        .sort((a, b) => b[1].at - a[1].at);
      const [first] = drafts;
      if (first && first[0] !== this.draftKey) this.adopted.push(first[0]);
      void this.tidy(all, now);
      const stored = await get<StoredHistory>(this.historyKey, this.store);
      return { draft: first?.[1] ?? null, history: stored?.history ?? null };
    } catch {
      return { draft: null, history: null };
    }
  }

  /** Everything changed since `revision` is in `graph`. Written within a blink. */
  keep(graph: GraphJson, revision: number, history: () => KeptHistory): void {
    this.draft = { graph, revision, at: Date.now() };
    this.isStored = false;
    this.timer ??= setTimeout(() => void this.write(), PAUSE_MS);
    this.keepHistory(history);
  }

  keepHistory(history: () => KeptHistory): void {
    this.history = history;
    this.historyTimer ??= setTimeout(() => void this.writeHistory(), HISTORY_PAUSE_MS);
  }

  /** The server has everything, or the person chose the other side: nothing is left to bring back. */
  async drop(): Promise<void> {
    this.draft = null;
    this.isStored = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    const gone = [this.draftKey, ...this.adopted.splice(0)];
    await delMany(gone, this.store).catch(() => undefined);
  }

  /** True when closing the window now loses nothing. */
  get isSafe(): boolean {
    return this.isStored;
  }

  /** The window goes: write now what waits. */
  async flush(): Promise<void> {
    await Promise.all([this.write(), this.writeHistory()]);
  }

  private get draftKey(): string {
    return `draft/${this.scenario}/${this.window}`;
  }

  private get historyKey(): string {
    return `history/${this.scenario}`;
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { draft } = this;
    if (!draft) return;
    try {
      await set(this.draftKey, draft, this.store);
      // Dropped or changed while it was being written: the newer word counts.
      if (this.draft === null) await del(this.draftKey, this.store);
      else if (this.draft === draft) this.isStored = true;
    } catch {
      this.isStored = false;
    }
  }

  private async writeHistory(): Promise<void> {
    clearTimeout(this.historyTimer);
    this.historyTimer = undefined;
    const { history } = this;
    this.history = null;
    if (history)
      await set(this.historyKey, { history: history(), at: Date.now() }, this.store).catch(() => undefined);
  }

  /** Histories are a comfort: the oldest go. Unsent work never goes by itself. */
  private async tidy(all: [string, { at: number }][], now: number): Promise<void> {
    const histories = all.filter(([key]) => key.startsWith("history/")).sort((a, b) => b[1].at - a[1].at);
    const old = histories.filter(([, { at }], i) => i >= HISTORIES || now - at > OLDEST_MS);
    await delMany(
      old.map(([key]) => key),
      this.store,
    ).catch(() => undefined);
  }
}
