// What every field of the form may need besides its own value: where data comes from, and who may edit.
import { createContext, use } from "react";
import type { PillSource } from "../graph/pills";
import type { GraphJson, NodeJson, Types } from "../graph/types";

export interface FormContext {
  /** The step whose settings these are. */
  node: NodeJson;
  graph: GraphJson;
  types: Types;
  /** Upstream steps with their data, the nearest first. */
  sources: PillSource[];
  /** True when the shown values were seen in a real run. */
  seen: boolean;
  readOnly: boolean;
  /** The stored scenario, whose runs lend data to try formulas on. */
  scenarioId?: string | undefined;
  /** A field lost the focus: what comes next is another entry of the history. */
  onBlur: () => void;
}

export const InspectorContext = createContext<FormContext | null>(null);

export function useForm(): FormContext {
  const context = use(InspectorContext);
  if (!context) throw new Error("A field stands outside the inspector.");
  return context;
}

export interface FieldProps<T> {
  /** What a screen reader calls the field. */
  label: string;
  value: T;
  onChange: (value: T) => void;
  id?: string;
  describedBy?: string | undefined;
  invalid?: boolean;
  placeholder?: string | undefined;
  /** The setting this is the whole of: a formula's result must fit it. */
  setting?: string | undefined;
}
