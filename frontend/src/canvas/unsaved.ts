// Edits that could not be saved when the builder was left (the sign-in expired): they wait for the same person in this tab.
import type { GraphJson } from "../graph/types";

export interface Unsaved {
  /** The draft they were made on. */
  revision: number;
  graph: GraphJson;
}

const keyOf = (scenario: string, user: string) => `potok.unsaved.${user}.${scenario}`;

export function keepUnsaved(scenario: string, user: string, unsaved: Unsaved): void {
  try {
    sessionStorage.setItem(keyOf(scenario, user), JSON.stringify(unsaved));
  } catch {
    // Full or forbidden storage: nothing more can be done, the edits are gone as they would be without us.
  }
}

/** Given out once. */
export function takeUnsaved(scenario: string, user: string): Unsaved | null {
  const key = keyOf(scenario, user);
  const kept = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  return kept === null ? null : (JSON.parse(kept) as Unsaved);
}
