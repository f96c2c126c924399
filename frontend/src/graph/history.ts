/** Undo and redo: one gesture is one entry that can name itself; typing in one field is one entry per second of rest. */

import * as Y from "yjs";

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

interface Typing {
  key: string;
  at: number;
}

/** The maps of the document whose changes can be undone. */
type Scope = ConstructorParameters<typeof Y.UndoManager>[0];

const TYPING_PAUSE_MS = 1000;

export class History {
  /** Changes of this origin are ours; another person's never enter our history. */
  readonly origin = { own: true };
  private readonly manager: Y.UndoManager;
  private typing: Typing | null = null;
  private current: Deed | null = null;

  constructor(scope: Scope) {
    this.manager = new Y.UndoManager(scope, {
      trackedOrigins: new Set([this.origin]),
      captureTimeout: Number.MAX_SAFE_INTEGER, // entries are cut by hand, in `record`
    });
    this.manager.on("stack-item-added", ({ stackItem }) => stackItem.meta.set("deed", this.current));
  }

  /** Run one gesture. With `typingKey`, it joins the previous entry of the same key unless a second of rest passed. */
  record(doc: Y.Doc, deed: Deed, change: () => void, typingKey?: string): void {
    const now = Date.now();
    const joins =
      typingKey !== undefined && this.typing?.key === typingKey && now - this.typing.at < TYPING_PAUSE_MS;
    if (!joins) this.manager.stopCapturing();
    this.typing = typingKey === undefined ? null : { key: typingKey, at: now };
    this.current = deed;
    doc.transact(change, this.origin);
  }

  /** The field lost the focus: what is typed next is another entry. */
  endTyping(): void {
    this.typing = null;
  }

  undo(): Deed | null {
    return this.pop(this.manager.undoStack, () => this.manager.undo());
  }

  redo(): Deed | null {
    return this.pop(this.manager.redoStack, () => this.manager.redo());
  }

  get undoDepth(): number {
    return this.manager.undoStack.length;
  }

  get redoDepth(): number {
    return this.manager.redoStack.length;
  }

  clear(): void {
    this.manager.clear();
    this.typing = null;
  }

  private pop(stack: { meta: Map<unknown, unknown> }[], run: () => void): Deed | null {
    const deed = (stack.at(-1)?.meta.get("deed") as Deed | undefined) ?? null;
    if (!deed) return null;
    this.typing = null;
    this.current = deed;
    run();
    return deed;
  }
}
