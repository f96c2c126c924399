/** The ways out of a step: fixed by its type, or one per item of a list setting (the paths of a switch). */

import { ERROR_PORT, onErrorOf } from "./failure";
import type { NodeJson, NodeType, Port, Types } from "./types";
import { asText, isObject } from "./values";

/** Its words belong to the screen: see `portName`. */
const ERROR_OUT: Port = { id: ERROR_PORT, title: "" };
const PLAIN_OUT: Port[] = [{ id: "out", title: "" }];

export function portsOf(node: Pick<NodeJson, "params" | "settings">, type: NodeType | undefined): Port[] {
  const own = ownPorts(node, type);
  return onErrorOf(node) === "branch" ? [...own, ERROR_OUT] : own;
}

function ownPorts(node: Pick<NodeJson, "params">, type: NodeType | undefined): Port[] {
  if (!type) return PLAIN_OUT;
  if (!type.portsFrom) return type.ports;
  const items = node.params[type.portsFrom];
  const listed = Array.isArray(items)
    ? items.filter(isObject).map((item, i) => ({
        id: asText(item.id),
        title: asText(item.title) || String(i + 1),
      }))
    : [];
  return [...listed.filter((port) => port.id !== ""), ...type.ports];
}

/** The way a run takes when all is well: a disabled step and a healed wire follow it. */
export function mainPort(node: NodeJson, types: Types): string {
  return portsOf(node, types.get(node.type))[0]?.id ?? "out";
}

export function acceptsInput(node: NodeJson, types: Types): boolean {
  return types.get(node.type)?.kind !== "TRIGGER";
}
