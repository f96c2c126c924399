/** Copy and paste as text: what is copied is a small scenario anybody can read, keep or mail. */

import { newId } from "./ids";
import { normalise } from "./doc";
import type { EdgeJson, GraphJson, NodeJson, Position } from "./types";
import { isObject, renameRefs } from "./values";

export function copyText(graph: GraphJson, ids: ReadonlySet<string>): string {
  const part: GraphJson = {
    format: "potok/1",
    title: "",
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    edges: graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
  };
  return JSON.stringify(part, null, 2);
}

/** The steps inside a copied text, or null when the text is something else. */
export function parseClip(text: string): GraphJson | null {
  try {
    const raw: unknown = JSON.parse(text);
    if (!isObject(raw) || raw.format !== "potok/1" || !Array.isArray(raw.nodes)) return null;
    const named = raw.nodes.every(
      (n) => isObject(n) && typeof n.id === "string" && typeof n.type === "string",
    );
    return named && raw.nodes.length > 0 ? normalise(raw) : null;
  } catch {
    return null;
  }
}

/** The same steps under new ids, moved; pills between them follow, pills to other steps stay as they are. */
export function withNewIds(
  clip: GraphJson,
  taken: ReadonlySet<string>,
  offset: Position,
): { nodes: NodeJson[]; edges: EdgeJson[] } {
  const used = new Set(taken);
  const names = new Map<string, string>();
  for (const node of clip.nodes) {
    const id = newId(node.type, used);
    used.add(id);
    names.set(node.id, id);
  }
  const fresh = (id: string) => names.get(id) ?? id;
  return {
    nodes: clip.nodes.map((node) => ({
      ...node,
      id: fresh(node.id),
      position: { x: node.position.x + offset.x, y: node.position.y + offset.y },
      params: renameRefs(node.params, names),
      ...(node.settings ? { settings: renameRefs(node.settings, names) } : {}),
    })),
    edges: clip.edges
      .filter((edge) => names.has(edge.source) && names.has(edge.target))
      .map((edge) => ({ ...edge, source: fresh(edge.source), target: fresh(edge.target) })),
  };
}
