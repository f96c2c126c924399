// An editor in the place of a value. Enter keeps, Escape gives up, Tab keeps and goes on; a refusal stays with
// what was typed.
import { type KeyboardEvent, type FocusEvent, useRef, useState } from "react";
import { isMoney, type Field } from "../model";
import css from "./inline.module.css";
import { ValueInput } from "./ValueInput";

export type Leave = "stay" | "next" | "before" | "down";

interface Props {
  field: Field;
  /** What stands there to begin with: the value, or what was typed and refused. */
  start: unknown;
  error?: string;
  titles: ReadonlyMap<string, string>;
  onKeep: (value: unknown, leave: Leave) => void;
  onGiveUp: () => void;
}

/** Choosing is all there is to do: the choice is kept at once. */
const atOnce = new Set(["choice", "calculated", "stage", "boolean", "person"]);

export function InlineEditor({ field, start, error, titles, onKeep, onGiveUp }: Props) {
  const [value, setValue] = useState(start);
  const over = useRef(false);
  const choosing = atOnce.has(field.kind) || (field.kind === "relation" && !isMany(field));

  const finish = (what: unknown, leave: Leave) => {
    if (over.current) return;
    over.current = true;
    if (same(what, start) && error === undefined) onGiveUp();
    else onKeep(what, leave);
  };
  const giveUp = () => {
    over.current = true;
    onGiveUp();
  };
  const change = (next: unknown) => {
    setValue(next);
    if (choosing) finish(next, "stay");
  };
  const onKeys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      giveUp();
    } else if (event.key === "Tab") {
      event.preventDefault();
      finish(value, event.shiftKey ? "before" : "next");
    } else if (
      event.key === "Enter" &&
      !choosing &&
      !isMany(field) &&
      !(field.kind === "longtext" && event.shiftKey)
    ) {
      event.preventDefault();
      finish(value, "down");
    }
    // The arrows belong to the editor, not to the table around it.
    event.stopPropagation();
  };
  const onBlur = (event: FocusEvent) => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    if (choosing) giveUp();
    else finish(value, "stay");
  };

  return (
    // The wrapper only listens to what its input does.
    // eslint-disable-next-line jsx-a11y-x/no-static-element-interactions
    <div className={css.editor} onKeyDownCapture={onKeys} onBlur={onBlur}>
      <ValueInput
        field={field}
        value={value}
        onChange={change}
        label={field.name}
        inCell
        focused
        titles={titles}
        error={error}
      />
      {error !== undefined && (
        <p role="alert" className={css.error}>
          {error}
        </p>
      )}
    </div>
  );
}

const isMany = (field: Field) =>
  field.kind === "choices" || (field.settings as { many?: boolean } | null)?.many === true;

function same(one: unknown, other: unknown): boolean {
  const plain = (value: unknown) => (isMoney(value) ? `${value.amount} ${value.currency}` : (value ?? null));
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}
