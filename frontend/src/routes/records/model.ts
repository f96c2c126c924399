// Types, fields and records as the screens know them; what pipelines add stands among the other fields.
import type { RecordPartsFragment, TypePartsFragment } from "../../api/generated/records";

export type TypeShape = TypePartsFragment;
export type Field = TypeShape["fields"][number];
export type Pipeline = TypeShape["pipelines"][number];
export type Stage = Pipeline["stages"][number];
export type Row = RecordPartsFragment;
export type Names = Record<string, string>;
export type Values = Record<string, unknown>;

export interface Option {
  id: string;
  names: Names;
  color?: string;
  value?: string | number;
  archived?: boolean;
}

/** What the settings of some kind may hold; each kind uses its own few. */
export interface FieldSettings {
  options?: Option[];
  target?: string;
  many?: boolean;
  back?: string;
  back_names?: Names;
  formula?: string;
  result?: string;
  scale?: number | null;
  currency?: string;
  fixed?: boolean;
  unit?: string;
  mask?: string;
  check?: string | null;
  pattern?: string;
}

export interface Money {
  amount: string | number;
  currency: string;
}

export const settingsOf = (field: Pick<Field, "settings">): FieldSettings => field.settings ?? {};

export const valuesOf = (row: Row): Values => row.values as Values;

export const isMoney = (value: unknown): value is Money =>
  typeof value === "object" && value !== null && "amount" in value;

/** Why formulas have no value, in words. */
export const wrongOf = (row: Row): Record<string, string> => (row.explained ?? {}) as Record<string, string>;

/** A name in the language, else in any. */
export function named(names: unknown, locale: string): string {
  const known = (names ?? {}) as Names;
  return known[locale] ?? known.en ?? Object.values(known)[0] ?? "";
}

/** What a record holds in a field; its times stand beside the values. */
export function valueOf(row: Row, key: string): unknown {
  if (key === "created_at") return row.createdAt;
  if (key === "updated_at") return row.updatedAt;
  return valuesOf(row)[key];
}

export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

export const stagesOf = (type: TypeShape): Stage[] => type.pipelines.flatMap((pipeline) => pipeline.stages);

/** The pipeline a record goes by: its own, else the first. */
export function pipelineOf(type: TypeShape, values: Values): Pipeline | undefined {
  return type.pipelines.find((one) => one.id === values.pipeline) ?? type.pipelines[0];
}

const builtIn = (key: string, kind: string, name: string, operators: string[], settings: unknown): Field => ({
  id: key,
  key,
  kind,
  shownAs: kind,
  name,
  names: {},
  help: "",
  required: false,
  unique: false,
  default: null,
  settings,
  operators,
  summed: false,
  computed: kind !== "stage",
});

interface BuiltInWords {
  stage: string;
  reason: string;
  created: string;
  updated: string;
}

const listed = ["eq", "ne", "is_empty", "is_not_empty"];
const timed = ["gt", "gte", "lt", "lte"];

/** The fields of a type with those every record has. */
export function allFields(type: TypeShape, words: BuiltInWords): Field[] {
  const staged: Field[] = [];
  if (type.pipelines.length > 0) {
    const stages = stagesOf(type);
    const reasons = stages.flatMap((stage) =>
      stage.reasons.map(({ id, name }) => ({ id, names: { en: name } })),
    );
    const options = stages.map(({ id, names, color }) => ({ id, names, color }));
    staged.push(builtIn("stage", "stage", words.stage, listed, { options }));
    if (reasons.length > 0)
      staged.push(builtIn("close_reason", "reason", words.reason, listed, { options: reasons }));
  }
  return [
    ...type.fields,
    ...staged,
    builtIn("created_at", "datetime", words.created, timed, {}),
    builtIn("updated_at", "datetime", words.updated, timed, {}),
  ];
}

export const isNumber = (field: Field): boolean => ["number", "money", "probability"].includes(field.shownAs);
export const canEdit = (field: Field): boolean => !field.computed;
