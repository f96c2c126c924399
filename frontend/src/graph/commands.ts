/** Everything a hand can do to a scenario. Each command is one gesture: one entry of the history. */

import type * as Y from "yjs";
import { parseClip, withNewIds } from "./clip";
import { defaultsOf } from "./defaults";
import type { ScenarioDoc } from "./doc";
import { GAP_X, GRID, NODE_WIDTH, snap } from "./geometry";
import { healingEdges } from "./heal";
import type { Deed } from "./history";
import { newId } from "./ids";
import { acceptsInput, mainPort, portsOf } from "./ports";
import { descendants, refusal, type Refusal } from "./reach";
import { neighbours, swapped } from "./swap";
import { edgeId, type EdgeJson, type GraphJson, type Json, type JsonObject } from "./types";
import type { NodeJson, NodeType } from "./types";
import type { Position, Types } from "./types";
import { isObject, sameJson } from "./values";

/** The ways a new step can land: on its own, after a port, or inside a wire. */
export interface Landing {
  after?: { source: string; port: string };
  on?: EdgeJson;
}

export class Commands {
  readonly doc: ScenarioDoc;
  private readonly types: () => Types;

  constructor(doc: ScenarioDoc, types: () => Types) {
    this.doc = doc;
    this.types = types;
  }

  addNode(type: NodeType, position: Position, landing: Landing = {}): string {
    const node = this.fresh(type, position);
    const verb = landing.on ? "insert" : "add";
    this.run({ verb, name: type.title, count: 1 }, () => {
      this.doc.putNode(node);
      if (landing.on) this.splice(landing.on, node);
      else if (landing.after) this.wire({ ...landing.after, target: node.id });
    });
    return node.id;
  }

  /** Let go of dragged steps: where they stand and what one of them was connected to is one gesture. */
  settle(moves: ReadonlyMap<string, Position>, landing: Landing = {}): void {
    const [first] = moves;
    const node = first && this.node(first[0]);
    const { on, after } = landing;
    if (!first || !node || (!on && !after)) {
      this.moveNodes(moves);
      return;
    }
    this.run(this.deed(on ? "insert" : "connect", [node.id]), () => {
      moves.forEach((to, id) => this.place(id, to));
      if (on) this.splice(on, { ...node, position: first[1] });
      else if (after) this.wire({ ...after, target: node.id });
    });
  }

  connect(edge: EdgeJson): Refusal | null {
    const reason = refusal(this.graph, this.types(), edge);
    if (!reason) this.run(this.deed("connect", [edge.target]), () => this.doc.putEdge(edge));
    return reason;
  }

  /** Move one end of a wire: the old one goes only when the new one may be drawn. */
  reconnect(old: EdgeJson, edge: EdgeJson): Refusal | null {
    if (edgeId(old) === edgeId(edge)) return null;
    const without = { ...this.graph, edges: this.graph.edges.filter((e) => edgeId(e) !== edgeId(old)) };
    const reason = refusal(without, this.types(), edge);
    if (reason) return reason;
    this.run(this.deed("connect", [edge.target]), () => {
      this.doc.edges.delete(edgeId(old));
      this.doc.putEdge(edge);
    });
    return null;
  }

  moveNodes(moves: ReadonlyMap<string, Position>, verb: "move" | "tidy" = "move"): void {
    const real = [...moves].filter(([id, to]) => {
      const at = this.node(id)?.position;
      return at && (at.x !== to.x || at.y !== to.y);
    });
    if (real.length === 0) return;
    this.run(
      this.deed(
        verb,
        real.map(([id]) => id),
      ),
      () => real.forEach(([id, to]) => this.place(id, to)),
    );
  }

  /** Remove steps and wires together; the wire around removed steps heals. */
  remove(nodeIds: Iterable<string>, edges: readonly EdgeJson[] = []): void {
    const nodes = new Set([...nodeIds].filter((id) => this.doc.nodes.has(id)));
    const gone = edges.filter((edge) => this.doc.edges.has(edgeId(edge)));
    if (nodes.size === 0 && gone.length === 0) return;
    const deed =
      nodes.size > 0 ? this.deed("remove", [...nodes]) : this.deed("disconnect", [gone[0]?.target ?? ""]);
    this.run(deed, () => {
      gone.forEach((edge) => this.doc.edges.delete(edgeId(edge)));
      const left = {
        ...this.graph,
        edges: this.graph.edges.filter((e) => !gone.some((g) => edgeId(g) === edgeId(e))),
      };
      const healed = healingEdges(left, this.types(), nodes);
      for (const edge of left.edges) {
        if (nodes.has(edge.source) || nodes.has(edge.target)) this.doc.edges.delete(edgeId(edge));
      }
      nodes.forEach((id) => this.doc.nodes.delete(id));
      healed.forEach((edge) => this.doc.putEdge(edge));
    });
  }

  /** A new step takes the place, the wires and the title-less settings' place of an old one. */
  replace(id: string, type: NodeType): string | null {
    const old = this.node(id);
    if (!old || (type.kind === "TRIGGER") !== !acceptsInput(old, this.types())) return null;
    const node = this.fresh(type, old.position);
    const oldMain = mainPort(old, this.types());
    const ports = portsOf(node, type).map((port) => port.id);
    this.run(this.deed("replace", [id]), () => {
      const touching = this.graph.edges.filter((edge) => edge.source === id || edge.target === id);
      this.doc.nodes.delete(id);
      this.doc.putNode(node);
      for (const edge of touching) {
        this.doc.edges.delete(edgeId(edge));
        const port = ports.includes(edge.port) ? edge.port : edge.port === oldMain ? ports[0] : undefined;
        if (edge.target === id) this.doc.putEdge({ ...edge, target: node.id });
        else if (port) this.doc.putEdge({ ...edge, source: node.id, port });
      }
    });
    return node.id;
  }

  /** Two neighbours of a plain chain change places, on the canvas too. */
  swap(first: string, second: string): void {
    const [a, b] = [this.node(first), this.node(second)];
    if (!a || !b || neighbours(this.graph, this.types(), first).after !== second) return;
    const around = this.graph.edges;
    const ports = new Map([a, b].map((node) => [node.id, mainPort(node, this.types())]));
    this.run(this.deed("move", [second]), () => {
      const near = around.filter((edge) =>
        [edge.source, edge.target].some((id) => id === first || id === second),
      );
      near.forEach((edge) => this.doc.edges.delete(edgeId(edge)));
      for (const edge of swapped(near, first, second)) {
        this.doc.putEdge({ ...edge, port: ports.get(edge.source) ?? edge.port });
      }
      this.place(first, b.position);
      this.place(second, a.position);
    });
  }

  paste(text: string, offset: Position, verb: "paste" | "duplicate" = "paste"): string[] | null {
    const clip = parseClip(text);
    if (!clip) return null;
    const { nodes, edges } = withNewIds(clip, new Set(this.doc.nodes.keys()), offset);
    this.run({ verb, name: this.titleOf(nodes[0]), count: nodes.length }, () => {
      nodes.forEach((node) => this.doc.putNode(node));
      edges.forEach((edge) => this.doc.putEdge(edge));
    });
    return nodes.map((node) => node.id);
  }

  /** `undefined` removes the setting. Typing into one field joins one entry until a second of rest or blur. */
  setParam(id: string, key: string, value: Json | undefined): void {
    const params = this.params(id);
    if (!params || sameJson(params.get(key), value)) return;
    this.run(
      this.deed("set", [id]),
      () => (value === undefined ? params.delete(key) : params.set(key, value)),
      `${id}.${key}`,
    );
    if (this.types().get(this.node(id)?.type ?? "")?.portsFrom === key)
      this.dropDeadPorts(id, `${id}.${key}`);
  }

  /** What a step does when it fails; `undefined` goes back to the rule. The wires of a way out that goes, go too. */
  setSetting(id: string, key: string, value: Json | undefined): void {
    const node = this.doc.nodes.get(id);
    if (!node || sameJson((node.get("settings") as Y.Map<unknown> | undefined)?.get(key), value)) return;
    this.run(
      this.deed("set", [id]),
      () => {
        const settings = node.get("settings") as Y.Map<unknown> | undefined;
        if (settings && value === undefined) settings.delete(key);
        else if (settings) settings.set(key, value);
        else if (value !== undefined) node.set("settings", this.doc.map({ [key]: value }));
      },
      `${id}!${key}`,
    );
    this.dropDeadPorts(id, `${id}!${key}`);
  }

  /** What holds for every run of the scenario; `undefined` goes back to the rule. */
  setScenarioSetting(key: string, value: Json | undefined): void {
    const extra = (this.doc.meta.get("extra") ?? {}) as JsonObject;
    const settings = isObject(extra.settings) ? extra.settings : {};
    if (sameJson(settings[key] ?? undefined, value)) return;
    const kept = Object.entries(settings).filter(([one, now]) => one !== key && now !== null);
    const next: [string, Json][] = value === undefined ? kept : [...kept, [key, value]];
    const others = Object.entries(extra).filter(([one]) => one !== "settings");
    const all: [string, Json][] =
      next.length > 0 ? [...others, ["settings", Object.fromEntries(next)]] : others;
    this.run(
      { verb: "set", name: this.doc.title, count: 1 },
      () => this.doc.meta.set("extra", Object.fromEntries(all)),
      `#${key}`,
    );
  }

  renameNode(id: string, title: string): void {
    const node = this.doc.nodes.get(id);
    if (!node || node.get("title") === title) return;
    this.run(this.deed("rename", [id]), () => node.set("title", title), `${id}#title`);
  }

  setTitle(title: string): void {
    if (this.doc.meta.get("title") === title) return;
    this.run({ verb: "title", name: title, count: 1 }, () => this.doc.meta.set("title", title), "#title");
  }

  setDisabled(ids: readonly string[], disabled: boolean): void {
    if (ids.length === 0) return;
    this.run(this.deed(disabled ? "disable" : "enable", ids), () => {
      ids.forEach((id) => this.doc.nodes.get(id)?.set("disabled", disabled));
    });
  }

  /** Take over a whole document, undoable: a restored version, or the other side of a conflict. */
  replaceAll(graph: GraphJson): void {
    this.run({ verb: "restore", name: graph.title, count: 1 }, () => this.doc.write(graph));
  }

  private get graph(): GraphJson {
    return this.doc.toJSON();
  }

  private node(id: string): NodeJson | undefined {
    return this.graph.nodes.find((node) => node.id === id);
  }

  private params(id: string): Y.Map<unknown> | undefined {
    return this.doc.nodes.get(id)?.get("params") as Y.Map<unknown> | undefined;
  }

  private titleOf(node: NodeJson | undefined): string {
    return node ? node.title || (this.types().get(node.type)?.title ?? node.type) : "";
  }

  private deed(verb: Deed["verb"], ids: readonly string[]): Deed {
    return { verb, name: this.titleOf(this.node(ids[0] ?? "")), count: ids.length };
  }

  private run(deed: Deed, change: () => void, typingKey?: string): void {
    this.doc.toJSON(); // inside the transaction `graph` stays what it was before
    this.doc.history.record(deed, change, typingKey);
  }

  private fresh(type: NodeType, position: Position): NodeJson {
    return {
      id: newId(type.type, new Set(this.doc.nodes.keys())),
      type: type.type,
      version: type.version,
      title: "",
      position: snap(position),
      disabled: false,
      params: defaultsOf(type.inputSchema),
    };
  }

  private place(id: string, to: Position): void {
    this.doc.nodes.get(id)?.set("x", to.x);
    this.doc.nodes.get(id)?.set("y", to.y);
  }

  private wire(edge: EdgeJson): void {
    const target = this.types().get(String(this.doc.nodes.get(edge.target)?.get("type")));
    if (target?.kind !== "TRIGGER") this.doc.putEdge(edge);
  }

  private splice(edge: EdgeJson, node: NodeJson): void {
    const before = this.graph;
    if (!acceptsInput(node, this.types())) return;
    this.doc.edges.delete(edgeId(edge));
    this.doc.putEdge({ source: edge.source, port: edge.port, target: node.id });
    const way = portsOf(node, this.types().get(node.type))[0];
    if (way) this.doc.putEdge({ source: node.id, port: way.id, target: edge.target });
    this.makeRoom(before, edge, node);
  }

  /** Push what follows to the right when the new step would stand on it. */
  private makeRoom(graph: GraphJson, edge: EdgeJson, node: NodeJson): void {
    const target = graph.nodes.find((n) => n.id === edge.target);
    if (!target) return;
    const missing = node.position.x + NODE_WIDTH + GAP_X - target.position.x;
    const near = Math.abs(target.position.y - node.position.y) < 2 * NODE_WIDTH;
    if (missing <= 0 || !near || target.position.x + NODE_WIDTH < node.position.x) return;
    const shift = Math.ceil(missing / GRID) * GRID;
    for (const id of [edge.target, ...descendants(graph, edge.target)]) {
      const at = graph.nodes.find((n) => n.id === id)?.position;
      if (at && id !== node.id) this.place(id, { x: at.x + shift, y: at.y });
    }
  }

  /** A removed path of a switch takes its wires with it, in the same entry. */
  private dropDeadPorts(id: string, typingKey: string): void {
    const node = this.node(id);
    const type = node && this.types().get(node.type);
    if (!node || !type) return;
    const alive = new Set(portsOf(node, type).map((port) => port.id));
    const dead = this.graph.edges.filter((edge) => edge.source === id && !alive.has(edge.port));
    if (dead.length === 0) return;
    this.run(this.deed("set", [id]), () => dead.forEach((e) => this.doc.edges.delete(edgeId(e))), typingKey);
  }
}
