// What a variable holds, as text for people and back.
import { useLingui } from "@lingui/react/macro";
import type { VariableKind, VariablePartsFragment } from "../../api/generated/variables";

export const kinds: readonly VariableKind[] = ["TEXT", "NUMBER", "BOOLEAN", "JSON"];

export function useKindWords(): Record<VariableKind, string> {
  const { t } = useLingui();
  return { TEXT: t`text`, NUMBER: t`number`, BOOLEAN: t`yes or no`, JSON: t`data` };
}

/** The value as it stands in the list and in the form. */
export function shown({ kind, value }: Pick<VariablePartsFragment, "kind" | "value">): string {
  if (kind === "JSON") return JSON.stringify(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What is sent for a typed text; null when it is no JSON. A number goes as text, so it stays exact. */
export function meant(kind: VariableKind, typed: string): { value: unknown } | null {
  if (kind === "TEXT" || kind === "NUMBER") return { value: typed };
  try {
    return { value: JSON.parse(typed) as unknown };
  } catch {
    return null;
  }
}
