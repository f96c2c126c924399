/** The scenario as an indented, numbered list: when, if, then, otherwise. The list view and screen readers read this. */

import { acceptsInput, portsOf } from "./ports";
import type { GraphJson, NodeJson, Port, Types } from "./types";

export type Row =
  | {
      kind: "step";
      number: string;
      depth: number;
      node: NodeJson;
      role: "when" | "if" | "then";
      via: Via | null;
    }
  /** One way out of a step with several: "if yes", "otherwise". */
  | { kind: "branch"; depth: number; node: NodeJson; port: Port; last: boolean; empty: boolean }
  /** Several wires out of one port: they run at the same time. */
  | { kind: "parallel"; depth: number; node: NodeJson; index: number; port: string }
  /** A wire to a step that is already listed above. */
  | { kind: "goto"; depth: number; number: string; node: NodeJson; via: Via }
  /** The end of a chain, where a step can be added. */
  | { kind: "end"; depth: number; after: Via }
  | { kind: "loose"; depth: 0 };

export interface Via {
  source: string;
  port: string;
}

export function outline(graph: GraphJson, types: Types): Row[] {
  const writer = new Writer(graph, types);
  const starts = graph.nodes.filter((node) => !acceptsInput(node, types));
  starts.forEach((node) => writer.chain(node, 0, null));
  const loose = graph.nodes.filter((node) => !writer.numbers.has(node.id));
  if (loose.length > 0) {
    writer.rows.push({ kind: "loose", depth: 0 });
    const heads = loose.filter((node) => !graph.edges.some((edge) => edge.target === node.id));
    [...heads, ...loose].forEach((node) => {
      if (!writer.numbers.has(node.id)) writer.chain(node, 0, null);
    });
  }
  return writer.rows;
}

class Writer {
  readonly rows: Row[] = [];
  readonly numbers = new Map<string, string>();
  private readonly nodes: Map<string, NodeJson>;
  private readonly graph: GraphJson;
  private readonly types: Types;
  private count = 0;

  constructor(graph: GraphJson, types: Types) {
    this.graph = graph;
    this.types = types;
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  }

  /** Write a step and all that follows it; a chain without branches stays at one depth. */
  chain(start: NodeJson, depth: number, via: Via | null): void {
    let at: NodeJson | undefined = start;
    let came = via;
    while (at) {
      const known = this.numbers.get(at.id);
      if (known !== undefined) {
        if (came) this.rows.push({ kind: "goto", depth, number: known, node: at, via: came });
        return;
      }
      const number = String(++this.count);
      this.numbers.set(at.id, number);
      const kind = this.types.get(at.type)?.kind;
      const role = kind === "TRIGGER" ? "when" : kind === "CONDITION" ? "if" : "then";
      this.rows.push({ kind: "step", number, depth, node: at, role, via: came });
      const ports = portsOf(at, this.types.get(at.type));
      const only = ports.length === 1 ? ports[0] : undefined;
      if (!only) {
        this.branches(at, ports, depth);
        return;
      }
      const targets = this.targets(at.id, only.id);
      if (targets.length > 1) {
        this.parallel(at, only.id, targets, depth);
        return;
      }
      came = { source: at.id, port: only.id };
      if (targets.length === 0) this.rows.push({ kind: "end", depth, after: came });
      at = targets[0];
    }
  }

  private branches(node: NodeJson, ports: Port[], depth: number): void {
    ports.forEach((port, i) => {
      const targets = this.targets(node.id, port.id);
      const empty = targets.length === 0;
      this.rows.push({ kind: "branch", depth: depth + 1, node, port, last: i === ports.length - 1, empty });
      if (targets.length > 1) this.parallel(node, port.id, targets, depth + 1);
      else if (targets[0]) this.chain(targets[0], depth + 2, { source: node.id, port: port.id });
      else this.rows.push({ kind: "end", depth: depth + 2, after: { source: node.id, port: port.id } });
    });
  }

  private parallel(node: NodeJson, port: string, targets: NodeJson[], depth: number): void {
    targets.forEach((target, index) => {
      this.rows.push({ kind: "parallel", depth: depth + 1, node, index, port });
      this.chain(target, depth + 2, { source: node.id, port });
    });
  }

  private targets(source: string, port: string): NodeJson[] {
    return this.graph.edges
      .filter((edge) => edge.source === source && edge.port === port)
      .map((edge) => this.nodes.get(edge.target))
      .filter((node) => node !== undefined);
  }
}
