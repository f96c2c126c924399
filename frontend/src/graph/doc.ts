/**
 * The scenario as a Yjs document, and its JSON twin.
 *
 * Layout: `nodes` is a Y.Map of Y.Map per node; its `params` is a Y.Map whose values are plain JSON, one per field.
 * A field is the unit of conflict and of undo: two people may set two fields of one step, while the inside of a field
 * (a condition tree, the parts of a text) never mixes into something neither of them wrote. `edges` is keyed by what
 * the wire is, so the same wire drawn twice is one wire. `order` keeps the order the document was given in.
 */

import * as Y from "yjs";
import { History } from "./history";
import { edgeId, type EdgeJson, type GraphJson, type Json, type JsonObject, type NodeJson } from "./types";

type YNode = Y.Map<unknown>;
type YEdge = EdgeJson & { order: number };

export class ScenarioDoc {
  readonly doc = new Y.Doc();
  readonly nodes: Y.Map<YNode> = this.doc.getMap("nodes");
  readonly edges: Y.Map<YEdge> = this.doc.getMap("edges");
  readonly meta: Y.Map<unknown> = this.doc.getMap("meta");
  readonly history: History;
  private readonly listeners = new Set<() => void>();
  private readonly nodeCache = new Map<string, NodeJson>();
  private cached: GraphJson | null = null;

  constructor(graph?: GraphJson) {
    if (graph) this.load(graph);
    this.history = new History([this.nodes, this.edges, this.meta]);
    this.nodes.observeDeep((events) => {
      for (const { path, changes } of events) {
        if (path.length > 0) this.nodeCache.delete(String(path[0]));
        else changes.keys.forEach((_change, id) => this.nodeCache.delete(id));
      }
    });
    this.doc.on("afterTransaction", (transaction: Y.Transaction) => {
      if (transaction.changed.size === 0) return;
      this.cached = null;
      this.listeners.forEach((listener) => listener());
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get title(): string {
    const title = this.meta.get("title");
    return typeof title === "string" ? title : "";
  }

  /** The document as `potok/1`; parts that did not change keep their identity, so views may compare by reference. */
  toJSON = (): GraphJson => {
    this.cached ??= {
      format: "potok/1",
      title: this.title,
      nodes: inOrder([...this.nodes.entries()], (node) => Number(node.get("order"))).map(([id, node]) =>
        this.readNode(id, node),
      ),
      edges: inOrder([...this.edges.entries()], (edge) => edge.order).map(([, { source, port, target }]) => ({
        source,
        port,
        target,
      })),
    };
    return this.cached;
  };

  /** Replace everything without an entry in the history: opening a scenario, or taking the server's draft. */
  load(graph: GraphJson): void {
    this.doc.transact(() => this.write(graph), "load");
  }

  /** Replace everything inside a gesture, so that it can be undone. */
  write(graph: GraphJson): void {
    this.nodes.clear();
    this.edges.clear();
    this.meta.set("title", graph.title);
    graph.nodes.forEach((node, i) => this.putNode(node, i + 1));
    graph.edges.forEach((edge, i) => this.putEdge(edge, i + 1));
  }

  putNode(
    node: NodeJson,
    order = nextOrder(this.nodes.values(), (other) => Number(other.get("order"))),
  ): void {
    const params = new Y.Map<unknown>();
    for (const [key, value] of Object.entries(node.params)) params.set(key, value);
    const fields: [string, unknown][] = [
      ["type", node.type],
      ["version", node.version],
      ["title", node.title],
      ["x", node.position.x],
      ["y", node.position.y],
      ["disabled", node.disabled],
      ["params", params],
      ["order", order],
    ];
    this.nodes.set(node.id, new Y.Map(fields));
  }

  putEdge(
    { source, port, target }: EdgeJson,
    order = nextOrder(this.edges.values(), (other) => other.order),
  ): void {
    const id = edgeId({ source, port, target });
    if (!this.edges.has(id)) this.edges.set(id, { source, port, target, order });
  }

  private readNode(id: string, node: YNode): NodeJson {
    const known = this.nodeCache.get(id);
    if (known) return known;
    const params = node.get("params") as Y.Map<Json>;
    const fresh: NodeJson = {
      id,
      type: String(node.get("type")),
      version: Number(node.get("version")),
      title: String(node.get("title")),
      position: { x: Number(node.get("x")), y: Number(node.get("y")) },
      disabled: node.get("disabled") === true,
      params: sortedAsGiven(params),
    };
    this.nodeCache.set(id, fresh);
    return fresh;
  }
}

/** Scenarios written by hand may leave defaults out; the builder always holds the full form. */
export function normalise(raw: unknown): GraphJson {
  const graph = (raw ?? {}) as Loose<GraphJson>;
  return {
    format: "potok/1",
    title: graph.title ?? "",
    nodes: ((graph.nodes ?? []) as Loose<NodeJson>[]).map((node) => ({
      id: node.id ?? "",
      type: node.type ?? "",
      version: node.version ?? 1,
      title: node.title ?? "",
      position: node.position ?? { x: 0, y: 0 },
      disabled: node.disabled ?? false,
      params: node.params ?? {},
    })),
    edges: ((graph.edges ?? []) as Loose<EdgeJson>[]).map((edge) => ({
      source: edge.source ?? "",
      port: edge.port ?? "out",
      target: edge.target ?? "",
    })),
  };
}

type Loose<T> = { [K in keyof T]?: T[K] | undefined };

function sortedAsGiven(params: Y.Map<Json>): JsonObject {
  return Object.fromEntries(params.entries());
}

function inOrder<T>(entries: [string, T][], order: (item: T) => number): [string, T][] {
  return entries.sort((a, b) => order(a[1]) - order(b[1]) || (a[0] < b[0] ? -1 : 1));
}

function nextOrder<T>(items: Iterable<T>, order: (item: T) => number): number {
  let last = 0;
  for (const item of items) last = Math.max(last, order(item));
  return last + 1;
}
