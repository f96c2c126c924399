// How a person looks at a type: columns, widths, sort, filter, grouping. Kept in this browser, for this person.
import { useCallback, useState } from "react";
import { useViewer } from "../../../api/session";
import { type Filter, noFilter } from "./filters";

export interface View {
  /** Keys of the columns in order; null: the first ones of the type. */
  columns: readonly string[] | null;
  widths: Readonly<Record<string, number>>;
  sort: { field: string; descending: boolean } | null;
  filter: Filter;
  groupBy: string | null;
}

export interface SavedView {
  name: string;
  view: View;
}

interface Kept {
  now: View;
  saved: readonly SavedView[];
}

export const firstView: View = { columns: null, widths: {}, sort: null, filter: noFilter, groupBy: null };

function read(key: string): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Partial<Kept> | null;
    return { now: { ...firstView, ...kept?.now }, saved: kept?.saved ?? [] };
  } catch {
    return { now: firstView, saved: [] };
  }
}

export function useView(typeKey: string) {
  const { user } = useViewer();
  const key = `potok.records.${user?.id ?? "key"}.${typeKey}`;
  const [kept, setKept] = useState(() => read(key));
  const keep = useCallback(
    (to: (was: Kept) => Kept) =>
      setKept((was) => {
        const next = to(was);
        try {
          localStorage.setItem(key, JSON.stringify(next));
        } catch {
          // A full or forbidden storage: the view holds until the page is closed.
        }
        return next;
      }),
    [key],
  );
  return {
    view: kept.now,
    saved: kept.saved,
    set: useCallback(
      (part: Partial<View>) => keep((was) => ({ ...was, now: { ...was.now, ...part } })),
      [keep],
    ),
    open: useCallback((one: SavedView) => keep((was) => ({ ...was, now: one.view })), [keep]),
    save: useCallback(
      (name: string) =>
        keep((was) => ({
          ...was,
          saved: [...was.saved.filter((one) => one.name !== name), { name, view: was.now }],
        })),
      [keep],
    ),
    forget: useCallback(
      (name: string) => keep((was) => ({ ...was, saved: was.saved.filter((one) => one.name !== name) })),
      [keep],
    ),
  };
}
