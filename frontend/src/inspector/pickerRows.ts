// The data tree as flat rows: what is open, what the search leaves, and where a field may be typed by hand.
import type { Pill, PillSource } from "../graph/pills";
import type { RefPath } from "../graph/types";
import { fold, readings } from "../graph/search";
import { parsePath } from "../graph/values";

export type PickerRow =
  | {
      kind: "pill";
      key: string;
      depth: number;
      pill: Pill;
      step: boolean;
      expanded: boolean | null;
      trail: string;
    }
  | { kind: "other"; key: string; depth: number; pill: Pill; typed: RefPath | null };

export function keyOf(path: RefPath): string {
  return JSON.stringify(path);
}

/** Steps and the groups of the nearest ones are open from the start: most picks need no unfolding. */
export function initiallyOpen(sources: PillSource[]): Set<string> {
  const open = new Set<string>();
  sources.forEach((source, i) => {
    if (i > 2) return;
    open.add(keyOf(source.root.path));
    source.root.children.forEach((child) => {
      if (child.type === "object" || child.type === "any") open.add(keyOf(child.path));
    });
  });
  return open;
}

export function rowsOf(sources: PillSource[], open: ReadonlySet<string>, query: string): PickerRow[] {
  const rows: PickerRow[] = [];
  const wanted = query.trim() === "" ? null : readings(query);
  const visit = (pill: Pill, depth: number, trail: string, step: boolean): boolean => {
    const own =
      wanted === null ||
      wanted.some((word) => fold(`${trail} ${pill.label} ${pill.path.join(".")}`).includes(word));
    const expandable = pill.children.length > 0 || pill.open;
    const expanded = expandable ? wanted !== null || open.has(keyOf(pill.path)) : null;
    const at = rows.length;
    rows.push({ kind: "pill", key: keyOf(pill.path), depth, pill, step, expanded, trail });
    let kept = own;
    if (expanded) {
      for (const child of pill.children)
        kept = visit(child, depth + 1, `${trail} ${pill.label}`, false) || kept;
      if (pill.open && wanted === null) {
        rows.push({ kind: "other", key: `${keyOf(pill.path)}+`, depth: depth + 1, pill, typed: null });
      }
    }
    if (!kept) rows.length = at;
    return kept;
  };
  sources.forEach((source) => visit(source.root, 0, "", true));
  return wanted === null ? rows : [...rows, ...typedRows(sources, query)];
}

/** The row Enter takes: the first whose own name answers the search, not the step above it. */
export function bestRow(rows: PickerRow[], query: string): number {
  if (query.trim() === "") return 0;
  const wanted = readings(query);
  const named = (start: boolean) =>
    rows.findIndex(
      (row) =>
        row.kind === "pill" &&
        wanted.some((word) =>
          start ? fold(row.pill.label).startsWith(word) : fold(row.pill.label).includes(word),
        ),
    );
  return Math.max(0, named(true) >= 0 ? named(true) : named(false));
}

/** A searched name nobody has seen yet may still arrive: offer it under every place that takes any field. */
function typedRows(sources: PillSource[], query: string): PickerRow[] {
  if (!/^[\p{L}_][\p{L}\p{N}_.[\]-]*$/u.test(query.trim())) return [];
  return sources.flatMap((source) =>
    openPlaces(source.root).map((pill) => {
      const typed = parsePath(query);
      const last = pill.path.at(-1);
      const path = [...pill.path, ...(pill.path.length > 1 && typed[0] === last ? typed.slice(1) : typed)];
      return { kind: "other" as const, key: `${keyOf(path)}+`, depth: 0, pill, typed: path };
    }),
  );
}

function openPlaces(pill: Pill): Pill[] {
  if (pill.path.length > 2) return [];
  return [...(pill.open ? [pill] : []), ...pill.children.flatMap(openPlaces)];
}
