// What every part of the builder page shares: the document, its commands, the Catalog, problems and the shown run.
import { createContext, use } from "react";
import type { Commands } from "../graph/commands";
import type { ScenarioDoc } from "../graph/doc";
import type { GraphJson, Types } from "../graph/types";
import type { TypeGroup } from "../catalog/useCatalog";
import type { RunStatus } from "../api/types";

/** How many items there are, and how many of them went well and badly. */
export interface ItemCounts {
  items: number;
  done: number;
  failed: number;
}

export interface StepLive {
  status: "RUNNING" | "WAITING" | "DONE" | "FAILED" | "SKIPPED";
  port: string | null;
  /** How long the step took, once known. */
  ms: number | null;
  /** Of a loop and of steps inside one. */
  counts?: ItemCounts | null;
}

/** A run painted over the scenario. */
export interface Overlay {
  runId: string;
  status: RunStatus;
  steps: ReadonlyMap<string, StepLive>;
}

export interface ProblemInfo {
  code: string;
  message: string;
  fix: string;
  warning: boolean;
  nodeId: string | null;
  path: string[];
}

export interface Builder {
  doc: ScenarioDoc;
  commands: Commands;
  graph: GraphJson;
  types: Types;
  groups: TypeGroup[];
  readOnly: boolean;
  problems: ReadonlyMap<string, ProblemInfo[]>;
  overlay: Overlay | null;
}

export const BuilderContext = createContext<Builder | null>(null);

export function useBuilder(): Builder {
  const builder = use(BuilderContext);
  if (!builder) throw new Error("This part of the canvas stands outside a builder.");
  return builder;
}
