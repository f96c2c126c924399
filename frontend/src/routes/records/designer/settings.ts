// Settings of a field before anybody touched them, and as they are sent.
import type { FieldSettings, Option, TypeShape } from "../model";
import { keyFrom } from "./keys";

export function settingsFor(kind: string, type: TypeShape, types: readonly TypeShape[]): FieldSettings {
  if (kind === "choice" || kind === "choices" || kind === "calculated") return { options: [] };
  if (kind === "formula") return { formula: "", result: "number" };
  if (kind === "relation") {
    const target = types.find((one) => one.key !== type.key) ?? type;
    return { target: target.key };
  }
  if (kind === "money") return { currency: "RUB" };
  return {};
}

/** Without empty settings; new options get an id made of their name. */
export function tidy(settings: FieldSettings): FieldSettings {
  const kept = Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== "" && value !== null && value !== undefined),
  ) as FieldSettings;
  if (!kept.options) return kept;
  const ids = kept.options.map((one) => one.id).filter((id) => !isNew(id));
  const options = kept.options.filter(named).map((one): Option => {
    if (!isNew(one.id)) return one;
    const id = keyFrom(Object.values(one.names)[0] ?? "", ids, "option");
    ids.push(id);
    return { ...one, id };
  });
  return { ...kept, options };
}

const named = (one: Option) => Object.values(one.names).some((name) => name.trim() !== "");

let last = 0;
/** A sign for an option that is not kept yet. */
export const newId = (): string => `+${(last += 1)}`;
export const isNew = (id: string): boolean => id.startsWith("+");
