/**
 * The scenario as a Yjs document, and its JSON twin.
 *
 * Layout: `nodes` is a Y.Map of Y.Map per node; its `params` is a Y.Map whose values are plain JSON, one per field.
 * A field is the unit of conflict and of undo: two people may set two fields of one step, while the inside of a field
 * (a condition tree, the parts of a text) never mixes into something neither of them wrote. `edges` is keyed by what
 * the wire is, so the same wire drawn twice is one wire. `order` keeps the order the document was given in.
 * `settings` is a Y.Map like `params`. Keys of the document that are not known here live under `extra`, untouched.
 */

import * as Y from "yjs";
import { History } from "./history";
import type { Place, Placed, Snapshot } from "./patch";
import { edgeId, type EdgeJson, type GraphJson, type Json, type JsonObject, type NodeJson } from "./types";
import { isObject, sameJson } from "./values";

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
    this.history = new History({
      snapshot: this.snapshot,
      read: this.readAt,
      write: this.writeAt,
      transact: (change) => this.doc.transact(change, "own"),
    });
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
      ...(this.meta.get("extra") as object | undefined),
      format: "potok/1",
      title: this.title,
      nodes: inOrder([...this.nodes.entries()], (node) => Number(node.get("order"))).map(([id, node]) =>
        this.readNode(id, node),
      ),
      edges: inOrder([...this.edges.entries()], (edge) => edge.order).map(([, edge]) =>
        without(edge, ["order"]),
      ),
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
    const extra = without(graph, ["format", "title", "nodes", "edges"]) as Json;
    if (!sameJson(this.meta.get("extra") ?? {}, extra)) this.meta.set("extra", extra);
    graph.nodes.forEach((node, i) => this.putNode(node, i + 1));
    graph.edges.forEach((edge, i) => this.putEdge(edge, i + 1));
  }

  putNode(
    node: NodeJson,
    order = nextOrder(this.nodes.values(), (other) => Number(other.get("order"))),
  ): void {
    const { id, type, version, title, position, disabled, params, settings, ...extra } = node;
    const fields: [string, unknown][] = [
      ["type", type],
      ["version", version],
      ["title", title],
      ["x", position.x],
      ["y", position.y],
      ["disabled", disabled],
      ["params", new Y.Map(Object.entries(params))],
      ["order", order],
    ];
    if (settings) fields.push(["settings", new Y.Map(Object.entries(settings))]);
    if (Object.keys(extra).length > 0) fields.push(["extra", extra]);
    this.nodes.set(id, new Y.Map(fields));
  }

  putEdge(edge: EdgeJson, order = nextOrder(this.edges.values(), (other) => other.order)): void {
    const id = edgeId(edge);
    if (!this.edges.has(id)) this.edges.set(id, { ...edge, order });
  }

  private snapshot = (): Snapshot => ({
    nodes: new Map(
      this.toJSON().nodes.map((node) => [
        node.id,
        { node, order: Number(this.nodes.get(node.id)?.get("order")) },
      ]),
    ),
    edges: new Map(this.edges.entries()),
    meta: new Map(this.meta.entries()) as Map<string, Json>,
  });

  private readAt = (at: Place): Json | undefined => {
    if (at[0] === "meta") return this.meta.get(at[1]) as Json | undefined;
    if (at[0] === "edge") return this.edges.get(at[1]) as unknown as Json | undefined;
    const node = this.nodes.get(at[1]);
    if (at.length === 2) return node && {};
    const value = node?.get(at[2]);
    return (at.length === 3 ? value : (value as Y.Map<Json> | undefined)?.get(at[3])) as Json | undefined;
  };

  private writeAt = (at: Place, value: Json | undefined): void => {
    if (at[0] === "meta") setOrDelete(this.meta, at[1], value);
    else if (at[0] === "edge") setOrDelete(this.edges as Y.Map<unknown>, at[1], value);
    else if (at.length === 2) {
      const placed = value as unknown as Placed | undefined;
      if (placed) this.putNode(placed.node, placed.order);
      else this.nodes.delete(at[1]);
    } else {
      const node = this.nodes.get(at[1]);
      if (!node) return;
      if (at.length === 3) setOrDelete(node, at[2], value);
      else {
        if (!node.has(at[2])) node.set(at[2], new Y.Map());
        setOrDelete(node.get(at[2]) as Y.Map<unknown>, at[3], value);
      }
    }
  };

  /** A map for the document, filled. */
  map(values: JsonObject): Y.Map<unknown> {
    return new Y.Map(Object.entries(values));
  }

  private readNode(id: string, node: YNode): NodeJson {
    const known = this.nodeCache.get(id);
    if (known) return known;
    const params = node.get("params") as Y.Map<Json>;
    const settings = node.get("settings") as Y.Map<Json> | undefined;
    const fresh: NodeJson = {
      ...(node.get("extra") as object | undefined),
      id,
      type: String(node.get("type")),
      version: Number(node.get("version")),
      title: String(node.get("title")),
      position: { x: Number(node.get("x")), y: Number(node.get("y")) },
      disabled: node.get("disabled") === true,
      params: sortedAsGiven(params),
      ...(settings && settings.size > 0 ? { settings: sortedAsGiven(settings) } : {}),
    };
    this.nodeCache.set(id, fresh);
    return fresh;
  }
}

/** Scenarios written by hand may leave defaults out; the builder always holds the full form. */
export function normalise(raw: unknown): GraphJson {
  const graph = isObject(raw) ? raw : {};
  const listed = (value: unknown) => (Array.isArray(value) ? value.filter(isObject) : []);
  return {
    ...graph,
    format: "potok/1",
    title: "",
    ...given(graph, "title"),
    nodes: listed(graph.nodes).map((node) => ({ ...EMPTY_NODE, ...present(node, EMPTY_NODE) })),
    edges: listed(graph.edges).map((edge) => ({ ...EMPTY_EDGE, ...present(edge, EMPTY_EDGE) })),
  };
}

const EMPTY_NODE: NodeJson = {
  id: "",
  type: "",
  version: 1,
  title: "",
  position: { x: 0, y: 0 },
  disabled: false,
  params: {},
};
const EMPTY_EDGE: EdgeJson = { source: "", port: "out", target: "" };

/** What is really given: `null` in the place of a known key says nothing. */
function present(object: JsonObject, known: object): object {
  return Object.fromEntries(
    Object.entries(object).filter(([key, value]) => value !== null || !(key in known)),
  );
}

function given(object: JsonObject, key: string): object {
  return typeof object[key] === "string" ? { [key]: object[key] } : {};
}

function without<T extends object, K extends keyof T>(object: T, keys: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}

function sortedAsGiven(params: Y.Map<Json>): JsonObject {
  return Object.fromEntries(params.entries());
}

function setOrDelete(map: Y.Map<unknown>, key: string, value: unknown): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function inOrder<T>(entries: [string, T][], order: (item: T) => number): [string, T][] {
  return entries.sort((a, b) => order(a[1]) - order(b[1]) || (a[0] < b[0] ? -1 : 1));
}

function nextOrder<T>(items: Iterable<T>, order: (item: T) => number): number {
  let last = 0;
  for (const item of items) last = Math.max(last, order(item));
  return last + 1;
}
