// The document as the canvas library wants it: sizes and handles given, unchanged steps keep their identity.
import { type Edge, type Node, Position as Side } from "@xyflow/react";
import { acceptsInput, portsOf } from "../graph/ports";
import { HEAD_HEIGHT, NODE_WIDTH, nodeHeight, portY } from "../graph/geometry";
import {
  edgeId,
  type EdgeJson,
  type GraphJson,
  type NodeJson,
  type NodeType,
  type Port,
  type Position,
} from "../graph/types";
import type { Types } from "../graph/types";
import type { Overlay, ProblemInfo, StepLive } from "./builder";

export interface StepData extends Record<string, unknown> {
  node: NodeJson;
  type: NodeType | undefined;
  ports: Port[];
  /** Ids of ports without a wire: they offer a "+". */
  openPorts: string;
  summary: string;
  problems: ProblemInfo[] | undefined;
  live: StepLive | undefined;
  aimed: boolean;
  readOnly: boolean;
}

export type StepFlow = Node<StepData, "step">;

export interface WireData extends Record<string, unknown> {
  edge: EdgeJson;
  state: "plain" | "taken" | "running" | "idle";
  aimed: boolean;
  readOnly: boolean;
}

export type WireFlow = Edge<WireData, "wire">;

export interface FlowInput {
  graph: GraphJson;
  types: Types;
  problems: ReadonlyMap<string, ProblemInfo[]>;
  overlay: Overlay | null;
  summaryOf: (node: NodeJson) => string;
  label: (node: NodeJson, type: NodeType | undefined) => string;
  wireLabel: (edge: EdgeJson) => string;
  aimedNode: string | null;
  readOnly: boolean;
}

const HANDLE = 14;

/** Keeps the flow node of each step until something it shows has changed. */
export class FlowCache {
  private readonly nodes = new Map<string, StepFlow>();
  private readonly edges = new Map<string, WireFlow>();
  private readonly data = new Map<string, StepData>();
  private read: FlowInput | null = null;

  /** `selected` and `moving` change with every move of the hand, `input` does not: what it says is read once. */
  steps(input: FlowInput, selected: ReadonlySet<string>, moving: ReadonlyMap<string, Position>): StepFlow[] {
    if (this.read !== input) this.learn(input);
    return input.graph.nodes.map((node) => {
      const data = this.data.get(node.id);
      const position = moving.get(node.id) ?? node.position;
      const isSelected = selected.has(node.id);
      const old = this.nodes.get(node.id);
      if (old?.selected === isSelected && samePlace(old.position, position) && old.data === data) return old;
      const fresh = flowNode(data ?? dataOf(node, input, new Set()), position, isSelected, input);
      this.nodes.set(node.id, fresh);
      return fresh;
    });
  }

  private learn(input: FlowInput): void {
    const wired = new Set(input.graph.edges.map((edge) => `${edge.source}:${edge.port}`));
    const known = new Map(this.data);
    this.data.clear();
    for (const node of input.graph.nodes) {
      const fresh = dataOf(node, input, wired);
      const old = known.get(node.id);
      this.data.set(node.id, old && sameData(old, fresh) ? old : fresh);
    }
    this.read = input;
  }

  wires(input: FlowInput, selected: ReadonlySet<string>, aimed: string | null): WireFlow[] {
    return input.graph.edges.map((edge) => {
      const id = edgeId(edge);
      const state = wireState(edge, input.overlay);
      const old = this.edges.get(id);
      const isSelected = selected.has(id);
      const ariaLabel = input.wireLabel(edge);
      const same =
        old?.data?.state === state &&
        old.ariaLabel === ariaLabel &&
        old.selected === isSelected &&
        old.data.aimed === (aimed === id) &&
        old.data.readOnly === input.readOnly;
      if (same) return old;
      const fresh: WireFlow = {
        id,
        type: "wire",
        source: edge.source,
        sourceHandle: edge.port,
        target: edge.target,
        targetHandle: "in",
        selected: isSelected,
        animated: state === "running",
        ariaLabel,
        data: { edge, state, aimed: aimed === id, readOnly: input.readOnly },
      };
      this.edges.set(id, fresh);
      return fresh;
    });
  }
}

function dataOf(node: NodeJson, input: FlowInput, wired: ReadonlySet<string>): StepData {
  const type = input.types.get(node.type);
  const ports = portsOf(node, type);
  return {
    node,
    type,
    ports,
    openPorts: ports
      .map((port) => port.id)
      .filter((id) => !wired.has(`${node.id}:${id}`))
      .join(" "),
    summary: input.summaryOf(node),
    problems: input.problems.get(node.id),
    live: input.overlay?.steps.get(node.id),
    aimed: input.aimedNode === node.id,
    readOnly: input.readOnly,
  };
}

function flowNode(data: StepData, position: Position, selected: boolean, input: FlowInput): StepFlow {
  const { node, type, ports } = data;
  const height = nodeHeight(ports.length);
  const inputs = acceptsInput(node, input.types)
    ? [
        {
          id: "in",
          type: "target" as const,
          position: Side.Left,
          x: -HANDLE / 2,
          y: HEAD_HEIGHT / 2 - HANDLE / 2,
        },
      ]
    : [];
  const outputs = ports.map((port, i) => ({
    id: port.id,
    type: "source" as const,
    position: Side.Right,
    x: NODE_WIDTH - HANDLE / 2,
    y: portY(i, ports.length) - HANDLE / 2,
  }));
  return {
    id: node.id,
    type: "step",
    position,
    width: NODE_WIDTH,
    height,
    measured: { width: NODE_WIDTH, height },
    handles: [...inputs, ...outputs].map((handle) => ({ ...handle, width: HANDLE, height: HANDLE })),
    selected,
    data,
    ariaLabel: input.label(node, type),
    domAttributes: { "data-testid": `node-${node.id}` } as Exclude<StepFlow["domAttributes"], undefined>,
  };
}

function samePlace(a: Position, b: Position): boolean {
  return a.x === b.x && a.y === b.y;
}

function sameData(a: StepData, b: StepData): boolean {
  return (
    a.node === b.node &&
    a.type === b.type &&
    a.openPorts === b.openPorts &&
    a.summary === b.summary &&
    a.problems === b.problems &&
    a.aimed === b.aimed &&
    a.readOnly === b.readOnly &&
    a.live?.status === b.live?.status &&
    a.live?.ms === b.live?.ms &&
    sameCounts(a.live?.counts, b.live?.counts)
  );
}

function sameCounts(a: StepLive["counts"], b: StepLive["counts"]): boolean {
  return a?.items === b?.items && a?.done === b?.done && a?.failed === b?.failed;
}

function wireState(edge: EdgeJson, overlay: Overlay | null): WireData["state"] {
  if (!overlay) return "plain";
  const source = overlay.steps.get(edge.source);
  const target = overlay.steps.get(edge.target);
  // Inside a loop a step has no one way out: what came to the next step went along the wire.
  if (source?.counts && target?.counts && target.status !== "SKIPPED") return "taken";
  const passed = source?.status === "DONE" && (source.port ?? "out") === edge.port;
  if (!passed) return "idle";
  return target?.status === "RUNNING" ? "running" : "taken";
}
