/**
 * Undo and redo: one gesture is one entry that can name itself; typing in one field is one entry per second of rest.
 *
 * Entries are plain data (see patch.ts), so they survive a reload. Undoing touches only what still stands as the
 * gesture left it: what another person wrote over it since is theirs and stays.
 */

import { type Change, diff, type Place, type Snapshot } from "./patch";
import type { Json } from "./types";
import { sameJson } from "./values";

/** What a gesture did, without words: the canvas turns it into "Undone: step Call removed". */
export interface Deed {
  verb:
    | "add"
    | "remove"
    | "move"
    | "connect"
    | "disconnect"
    | "insert"
    | "paste"
    | "duplicate"
    | "set"
    | "rename"
    | "disable"
    | "enable"
    | "tidy"
    | "replace"
    | "title"
    | "restore";
  /** Title of the step (or scenario) it was done to. */
  name: string;
  count: number;
}

export interface Entry {
  deed: Deed;
  changes: Change[];
  /** Length of its text: what it weighs when it is kept. */
  size: number;
}

/** The history as it is kept between two openings of a scenario. */
export interface KeptHistory {
  undo: Entry[];
  redo: Entry[];
}

/** The document as the history needs it. */
export interface Recorded {
  snapshot: () => Snapshot;
  read: (at: Place) => Json | undefined;
  write: (at: Place, value: Json | undefined) => void;
  /** Run as one change of the document that is ours. */
  transact: (change: () => void) => void;
}

interface Typing {
  key: string;
  at: number;
  before: Snapshot;
}

const TYPING_PAUSE_MS = 1000;
const DEEPEST = 1000;
/** Characters of all entries together: a few whole scenarios. */
const HEAVIEST = 4_000_000;

export class History {
  private readonly doc: Recorded;
  private undone: Entry[] = [];
  private done: Entry[] = [];
  private typing: Typing | null = null;

  constructor(doc: Recorded) {
    this.doc = doc;
  }

  /** Run one gesture. With `typingKey`, it joins the previous entry of the same key unless a second of rest passed. */
  record(deed: Deed, change: () => void, typingKey?: string): void {
    const now = Date.now();
    const open = this.typing;
    const joins = typingKey !== undefined && open?.key === typingKey && now - open.at < TYPING_PAUSE_MS;
    const before = joins ? open.before : this.doc.snapshot();
    this.doc.transact(change);
    const changes = diff(before, this.doc.snapshot());
    this.typing = typingKey === undefined ? null : { key: typingKey, at: now, before };
    if (joins) this.done.pop();
    if (changes.length === 0) return;
    this.done.push({ deed, changes, size: JSON.stringify(changes).length });
    this.undone = [];
    this.done = bounded(this.done);
  }

  /** The field lost the focus: what is typed next is another entry. */
  endTyping(): void {
    this.typing = null;
  }

  undo(): Deed | null {
    const entry = this.done.pop();
    if (!entry) return null;
    this.turn(entry.changes.map(({ at, was, now }) => ({ at, was: now, now: was })));
    this.undone.push(entry);
    return entry.deed;
  }

  redo(): Deed | null {
    const entry = this.undone.pop();
    if (!entry) return null;
    this.turn(entry.changes);
    this.done.push(entry);
    return entry.deed;
  }

  get undoDepth(): number {
    return this.done.length;
  }

  get redoDepth(): number {
    return this.undone.length;
  }

  keep(): KeptHistory {
    return { undo: this.done, redo: this.undone };
  }

  /** Go on with the history of an earlier opening. */
  restore({ undo, redo }: KeptHistory): void {
    this.done = [...undo];
    this.undone = [...redo];
    this.typing = null;
  }

  private turn(changes: Change[]): void {
    this.typing = null;
    this.doc.transact(() => {
      for (const { at, was, now } of changes) {
        if (standsAs(at, this.doc.read(at), was)) this.doc.write(at, now);
      }
    });
  }
}

/** A step that came or went counts as a whole: what else was set in it meanwhile goes and comes with it. */
function standsAs(at: Place, value: Json | undefined, wanted: Json | undefined): boolean {
  if (at[0] === "node" && at.length === 2) return (value === undefined) === (wanted === undefined);
  return sameJson(value, wanted);
}

/** The newest entries that fit. */
function bounded(entries: Entry[]): Entry[] {
  let size = 0;
  let first = entries.length;
  while (first > 0 && entries.length - first < DEEPEST) {
    size += entries[first - 1]?.size ?? 0;
    if (size > HEAVIEST && first < entries.length) break;
    first -= 1;
  }
  return first === 0 ? entries : entries.slice(first);
}
