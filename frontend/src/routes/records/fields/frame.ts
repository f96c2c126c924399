// What all editors of values have in common.
import type { ReactNode } from "react";
import type { Field } from "../model";

export interface InputProps {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Under the label, or read aloud only when the editor stands in a cell. */
  label: string;
  /** In a cell: small, opened at once, no label. "quiet": the same, but nothing opens by itself. */
  inCell?: boolean | "quiet";
  error?: ReactNode;
  focused?: boolean;
  /** Titles of the records it points to now. */
  titles?: ReadonlyMap<string, string>;
}

/** What all editors have: a label above, or none to be seen. */
export function frameOf({ field, label, inCell = false, error, focused = false }: InputProps) {
  return {
    ...(inCell !== false ? { "aria-label": label, size: "xs" as const } : { label }),
    ...(inCell === false && field.help !== "" && { description: field.help }),
    withAsterisk: field.required && inCell === false,
    // In a cell the words stand below the cell; here only the red frame.
    error: inCell !== false ? Boolean(error) : error,
    ...(focused && { "data-autofocus": true }),
    autoFocus: focused,
  };
}
