// Underlines what is wrong with a formula, and moves along with what is typed until the server answers again.
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

export interface Mark {
  start: number;
  end: number;
  warning: boolean;
}

export const setMarks = StateEffect.define<readonly Mark[]>();

export const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (old, change) => {
    const told = change.effects.find((one) => one.is(setMarks));
    if (!told) return old.map(change.changes);
    return Decoration.set(
      told.value.map((mark) => drawn(mark, change.state.doc.length)).filter((one) => one.from < one.to),
      true,
    );
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Something missing at a place is shown at the character before it. */
function drawn({ start, end, warning }: Mark, length: number) {
  const from = Math.min(start, length);
  const to = Math.min(Math.max(end, start), length);
  const wide = from < to ? from : Math.max(0, from - 1);
  return Decoration.mark({ class: warning ? "formula-doubt" : "formula-wrong" }).range(
    wide,
    Math.max(to, Math.min(wide + 1, length)),
  );
}
