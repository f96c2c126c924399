// The editor of a value by the kind of its field. It keeps what is typed as typed: the server reads it.
import { MultiSelect, Select, Textarea, TextInput } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { isMoney, named, settingsOf, type Field } from "../model";
import { frameOf, type InputProps } from "./frame";
import { RelationInput } from "./RelationInput";
import { usePeople } from "./useTelling";

export function ValueInput(props: InputProps) {
  switch (props.field.kind) {
    case "choice":
    case "calculated":
    case "stage":
    case "boolean":
    case "person":
      return <OneOf {...props} />;
    case "choices":
      return <ManyOf {...props} />;
    case "relation":
      return <RelationInput {...props} />;
    default:
      return <Typed {...props} />;
  }
}

const inputTypes: Partial<Record<string, string>> = {
  date: "date",
  datetime: "datetime-local",
  phone: "tel",
  email: "email",
};

function Typed(props: InputProps) {
  const { field, value, onChange } = props;
  const frame = frameOf(props);
  const text = typedText(field, value);
  const change = (typed: string) => onChange(typedValue(field, value, typed));
  if (field.kind === "longtext")
    return (
      <Textarea
        {...frame}
        autosize
        minRows={props.inCell ? 1 : 3}
        maxRows={12}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
      />
    );
  const { unit, currency } = settingsOf(field);
  const side = field.kind === "money" ? (isMoney(value) ? value.currency : currency) : unit;
  const numeric = field.kind === "number" || field.kind === "money";
  return (
    <TextInput
      {...frame}
      type={inputTypes[field.kind] ?? "text"}
      {...(numeric && { inputMode: "decimal" as const })}
      {...(side && { rightSection: <small>{side}</small>, rightSectionWidth: 44 })}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

/** What stands in the input for a value that is kept. */
export function typedText(field: Pick<Field, "kind">, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (isMoney(value)) return String(value.amount);
  if (field.kind === "datetime" && typeof value === "string") return localMoment(value);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What is sent for what stands in the input: money keeps its currency, moments become exact. */
export function typedValue(field: Pick<Field, "kind">, before: unknown, typed: string): unknown {
  if (typed === "") return null;
  if (field.kind === "money" && isMoney(before)) return { amount: typed, currency: before.currency };
  if (field.kind === "datetime") {
    const moment = new Date(typed);
    return Number.isNaN(moment.getTime()) ? typed : moment.toISOString();
  }
  return typed;
}

/** A moment for `datetime-local`: the person's own clock. */
function localMoment(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function useOptions(field: Field): { value: string; label: string }[] {
  const { t, i18n } = useLingui();
  const people = usePeople();
  if (field.kind === "person") return people.map((one) => ({ value: one.id, label: one.name }));
  if (field.kind === "boolean")
    return [
      { value: "true", label: t`Yes` },
      { value: "false", label: t`No` },
    ];
  return (settingsOf(field).options ?? [])
    .filter((one) => one.archived !== true)
    .map((one) => ({ value: one.id, label: named(one.names, i18n.locale) }));
}

function OneOf(props: InputProps) {
  const { t } = useLingui();
  const { field, value, onChange, inCell = false } = props;
  const options = useOptions(field);
  const meant = (chosen: string | null) =>
    field.kind === "boolean" && chosen !== null ? chosen === "true" : chosen;
  return (
    <Select
      {...frameOf(props)}
      data={options}
      value={typeof value === "string" || typeof value === "boolean" ? String(value) : null}
      onChange={(chosen) => onChange(meant(chosen))}
      clearable={!field.required && field.kind !== "stage"}
      clearButtonProps={{ "aria-label": t`Clear` }}
      allowDeselect={false}
      searchable={options.length > 7}
      nothingFoundMessage={t`Nothing found`}
      defaultDropdownOpened={inCell === true}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      checkIconPosition="right"
    />
  );
}

function ManyOf(props: InputProps) {
  const { t } = useLingui();
  const options = useOptions(props.field);
  const { value, onChange, inCell = false } = props;
  return (
    <MultiSelect
      {...frameOf(props)}
      data={options}
      value={Array.isArray(value) ? (value as string[]) : []}
      onChange={(chosen) => onChange(chosen)}
      clearable
      clearButtonProps={{ "aria-label": t`Clear` }}
      searchable
      nothingFoundMessage={t`Nothing found`}
      defaultDropdownOpened={inCell === true}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
    />
  );
}
