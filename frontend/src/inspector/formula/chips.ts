// Data of steps inside a formula as sealed chips with the step's title, and the colours of texts, numbers, functions.
import { type Range, StateEffect, StateField, type Transaction } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { scan, type Span } from "../../graph/formula";
import type { RefPath } from "../../graph/types";

export interface ChipWords {
  step: string;
  field: string;
  lost: boolean;
}

class Chip extends WidgetType {
  readonly words: ChipWords;

  constructor(words: ChipWords) {
    super();
    this.words = words;
  }

  override eq(other: Chip): boolean {
    const { step, field, lost } = this.words;
    return step === other.words.step && field === other.words.field && lost === other.words.lost;
  }

  override toDOM(): HTMLElement {
    const { step, field, lost } = this.words;
    const chip = document.createElement("span");
    chip.className = "pill-chip";
    if (lost) chip.dataset.lost = "true";
    chip.title = field === "" ? step : `${step} · ${field}`;
    const name = document.createElement("span");
    name.className = "pill-chip-step";
    name.textContent = step;
    chip.append(name, field === "" ? "" : ` ${field}`);
    return chip;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

/** Steps have other titles now. */
export const renamed = StateEffect.define();

interface Drawn {
  chips: DecorationSet;
  colours: DecorationSet;
  /** Where the person is typing: a way through data that is being written stays open, so that it can be gone on. */
  typed: number;
}

/** `words`: what a chip says. */
export function chips(words: (path: RefPath) => ChipWords) {
  const draw = (text: string, typed: number): Drawn => {
    const { spans, pieces } = scan(text);
    const found = spans.flatMap((span) => chipOf(span, typed, words));
    const colours = pieces.map(({ start, end, kind }) =>
      Decoration.mark({ class: `formula-is-${kind}` }).range(start, end),
    );
    return { chips: Decoration.set(found), colours: Decoration.set(colours), typed };
  };
  const drawn = StateField.define<Drawn>({
    create: (state) => draw(state.doc.toString(), -1),
    update: (old, change) => {
      const typed = typedAt(change, old.typed);
      const same =
        !change.docChanged && typed === old.typed && !change.effects.some((one) => one.is(renamed));
      return same ? old : draw(change.state.doc.toString(), typed);
    },
    provide: (field) => [
      EditorView.decorations.from(field, (now) => now.chips),
      EditorView.decorations.from(field, (now) => now.colours),
      EditorView.atomicRanges.of((view) => view.state.field(field).chips),
    ],
  });
  return drawn;
}

function typedAt(change: Transaction, before: number): number {
  const head = change.state.selection.main.head;
  if (change.docChanged) {
    const byHand = change.isUserEvent("input.type") || change.isUserEvent("delete");
    return byHand ? head : -1;
  }
  return head === before ? before : -1;
}

function chipOf(span: Span, typed: number, words: (path: RefPath) => ChipWords): Range<Decoration>[] {
  const { start, idEnd, end, path } = span;
  const inId = typed > start && typed <= idEnd;
  if (inId) return [];
  const inWay = typed > idEnd && typed <= end;
  const shown = inWay ? path.slice(0, 1) : path;
  return [Decoration.replace({ widget: new Chip(words(shown)) }).range(start, inWay ? idEnd : end)];
}
