/** The shapes the builder shares: the scenario document as JSON, and what the Catalog says of a node type. */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** `[node id, key, index, ...]`: where a pill takes its value from. */
export type RefPath = (string | number)[];

export interface Position {
  x: number;
  y: number;
}

/** What a step does when it fails or takes too long; only what differs from the rule is written. */
export type NodeSettings = JsonObject;

/**
 * A step. A document may hold keys this builder does not know yet: they ride along as own properties, untouched, in
 * nodes, wires and the graph itself.
 */
export interface NodeJson {
  id: string;
  type: string;
  version: number;
  title: string;
  position: Position;
  disabled: boolean;
  params: JsonObject;
  settings?: NodeSettings;
}

export interface EdgeJson {
  source: string;
  port: string;
  target: string;
}

/** The document exactly as `potok/1` of the server: order of nodes and edges is kept as given. */
export interface GraphJson {
  format: "potok/1";
  title: string;
  nodes: NodeJson[];
  edges: EdgeJson[];
}

export type NodeKind = "TRIGGER" | "CONDITION" | "ACTION";

export interface Port {
  id: string;
  title: string;
}

/** A JSON Schema with Potok's extension keys; only what the builder reads is named. */
export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: Json;
  enum?: Json[];
  const?: Json;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  format?: string;
  minimum?: number;
  maximum?: number;
  examples?: Json[];
  additionalProperties?: boolean | Schema;
  $ref?: string;
  $defs?: Record<string, Schema>;
  "x-kind"?: string;
  "x-order"?: number;
  "x-labels"?: Record<string, string>;
  "x-show-if"?: Record<string, Json[]>;
  "x-needed"?: boolean;
  "x-placeholder"?: string;
  /** What it may be is asked for while editing. */
  "x-options"?: boolean;
  /** The output's keys are the `name`s of this list setting. */
  "x-keys-from"?: string;
  /** A record of the type of record named by this setting. */
  "x-record-from"?: string;
}

/** A node type as the Catalog gives it. */
export interface NodeType {
  type: string;
  version: number;
  kind: NodeKind;
  title: string;
  help: string;
  icon: string;
  group: string;
  effect: string;
  start: string;
  inputSchema: Schema;
  outputSchema: Schema;
  ports: Port[];
  portsFrom: string | null;
  sample: Json;
  /** Of blocks that bring records: what these hold, by the type of record. */
  records?: Readonly<Record<string, Schema>>;
}

export type Types = ReadonlyMap<string, NodeType>;

export const EMPTY_GRAPH: GraphJson = { format: "potok/1", title: "", nodes: [], edges: [] };

export function edgeId(edge: EdgeJson): string {
  return `${edge.source}:${edge.port}:${edge.target}`;
}
