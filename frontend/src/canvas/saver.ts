// Autosave: within a second of a change, one save at a time, nothing lost when the net or a colleague is in the way.

export interface Theirs<D> {
  revision: number;
  scenario: D;
}

export type SaveAnswer<D> =
  | { kind: "saved"; revision: number; scenario: D }
  | { kind: "conflict"; theirs: Theirs<D> }
  | { kind: "unreachable" }
  | { kind: "refused"; message: string };

export type SaveState<D> =
  | { phase: "saved" }
  | { phase: "waiting" }
  | { phase: "saving" }
  | { phase: "failed"; message: string | null }
  | { phase: "conflict"; theirs: Theirs<D> };

interface SaverOptions<G, D> {
  revision: number;
  read: () => G;
  send: (graph: G, baseRevision: number) => Promise<SaveAnswer<D>>;
  onState: (state: SaveState<D>) => void;
  onSaved: (scenario: D) => void;
}

const PAUSE_MS = 500;
const LONGEST_RETRY_MS = 30_000;

export class Saver<G, D> {
  revision: number;
  private readonly options: SaverOptions<G, D>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private dirty = false;
  private failures = 0;
  private conflict: Theirs<D> | null = null;

  constructor(options: SaverOptions<G, D>) {
    this.options = options;
    this.revision = options.revision;
  }

  get isDirty(): boolean {
    return this.dirty || this.running !== null || this.conflict !== null;
  }

  /** Changes came in after the last save began. */
  get isWaiting(): boolean {
    return this.dirty;
  }

  /** The document changed. The first change starts the clock, so steady typing is saved too. */
  changed(): void {
    this.dirty = true;
    if (this.conflict || this.running || this.timer !== undefined) return;
    this.options.onState({ phase: "waiting" });
    this.schedule(PAUSE_MS);
  }

  /** Save now; true when everything is on the server afterwards. */
  async flush(): Promise<boolean> {
    while (this.dirty && !this.conflict) {
      const failed = this.failures;
      await (this.running ?? this.save());
      if (this.failures > failed) return false;
    }
    await this.running;
    return !this.dirty && !this.conflict;
  }

  /** Overwrite the colleague's draft with ours; theirs stays in the history of edits on the server. */
  async keepMine(): Promise<void> {
    if (!this.conflict) return;
    this.revision = this.conflict.revision;
    this.conflict = null;
    this.dirty = true;
    await this.save();
  }

  /** The caller has taken the colleague's draft into the document. */
  tookTheirs(): void {
    if (!this.conflict) return;
    this.revision = this.conflict.revision;
    this.conflict = null;
    this.dirty = false;
    this.clear();
    this.options.onState({ phase: "saved" });
  }

  /** The server changed the draft on our behalf (a restored version). */
  adopt(revision: number): void {
    this.revision = revision;
    this.dirty = false;
    this.clear();
    this.options.onState({ phase: "saved" });
  }

  stop(): void {
    this.clear();
  }

  private hasChanged(): boolean {
    return this.dirty;
  }

  private schedule(ms: number): void {
    this.clear();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.save();
    }, ms);
  }

  private clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private save(): Promise<void> {
    this.running ??= this.attempt().finally(() => {
      this.running = null;
      if (this.dirty && !this.conflict && this.failures === 0) this.schedule(PAUSE_MS);
    });
    return this.running;
  }

  private async attempt(): Promise<void> {
    this.clear();
    this.dirty = false;
    this.options.onState({ phase: "saving" });
    const answer = await this.options.send(this.options.read(), this.revision);
    if (answer.kind === "saved") {
      this.failures = 0;
      this.revision = answer.revision;
      this.options.onSaved(answer.scenario);
      // Changes while the save was under way made it dirty again.
      this.options.onState(this.hasChanged() ? { phase: "waiting" } : { phase: "saved" });
      return;
    }
    this.dirty = true;
    if (answer.kind === "conflict") {
      this.conflict = answer.theirs;
      this.options.onState({ phase: "conflict", theirs: answer.theirs });
      return;
    }
    this.failures += 1;
    this.options.onState({ phase: "failed", message: answer.kind === "refused" ? answer.message : null });
    this.schedule(Math.min(LONGEST_RETRY_MS, 1000 * 2 ** this.failures));
  }
}
