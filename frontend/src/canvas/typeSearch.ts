// The palette's entries: grouped while nothing is typed, best match first while searching.
import type { TypeGroup } from "../catalog/useCatalog";
import { rank } from "../graph/search";
import type { NodeType, Types } from "../graph/types";

export interface TypeSection {
  title: string;
  types: NodeType[];
}

const KIND_ORDER = { TRIGGER: 0, CONDITION: 1, ACTION: 2 };

export function typeWords(type: NodeType): string[] {
  return [type.title, type.type.replaceAll(/[._]/g, " "), type.help];
}

export function sectionsOf(
  types: Types,
  groups: TypeGroup[],
  query: string,
  allowTriggers: boolean,
): TypeSection[] {
  const all = [...types.values()].filter((type) => allowTriggers || type.kind !== "TRIGGER");
  if (query.trim() !== "") {
    const found = rank(query, all, typeWords);
    return found.length > 0 ? [{ title: "", types: found }] : [];
  }
  const known = new Map(groups.map((group) => [group.id, group.title]));
  const order = [...known.keys()];
  const ids = [...new Set([...order, ...all.map((type) => type.group)])];
  return ids
    .map((id) => ({
      title: known.get(id) ?? id,
      types: all.filter((type) => type.group === id).sort((a, b) => KIND_ORDER[a.kind] - KIND_ORDER[b.kind]),
    }))
    .filter((section) => section.types.length > 0);
}
