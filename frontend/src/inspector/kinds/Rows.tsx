// Fields made of rows: e-mail lists, name-value pairs, and the questions of the asked form.
import { type ReactNode, useId } from "react";
import { ActionIcon, Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Json, JsonObject, Schema } from "../../graph/types";
import { asText, isObject } from "../../graph/values";
import { type FieldProps, useForm } from "../context";
import { PillText } from "../PillText";

type RowsProps = FieldProps<Json | undefined>;

export function EmailsField({ label, value, onChange, describedBy, invalid }: RowsProps) {
  const { t } = useLingui();
  const { readOnly } = useForm();
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  const shown = list.length === 0 ? [""] : list;
  const set = (i: number, next: Json | undefined) =>
    onChange(shown.map((item, at) => (at === i ? (next ?? "") : item)));
  return (
    <div className="field-stack">
      {shown.map((item, i) => (
        <div className="field-row" key={i}>
          <div className="field-grow">
            <PillText
              mode="template"
              label={shown.length > 1 ? t`${label}, address ${{ number: i + 1 }}` : label}
              value={item}
              placeholder={t`name@example.com or data`}
              describedBy={describedBy}
              invalid={invalid ?? false}
              onChange={(next) => set(i, next)}
              onEnter={() => onChange([...shown, ""])}
            />
          </div>
          {shown.length > 1 && (
            <RemoveRow
              label={t`Remove address ${{ number: i + 1 }}`}
              onClick={() => onChange(shown.filter((_, at) => at !== i))}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <AddRow onClick={() => onChange([...shown, ""])}>
          <Trans>Add an address</Trans>
        </AddRow>
      )}
    </div>
  );
}

/** Names to choose from where they are fields of a record: of the type that another setting holds. */
function useFieldNames(schema: Schema | undefined): [string, string | undefined][] {
  const { node, types } = useForm();
  const from = schema?.["x-record-from"];
  const chosen = from === undefined ? undefined : node.params[from];
  const known = typeof chosen === "string" ? types.get(node.type)?.records?.[chosen] : undefined;
  const fields = Object.entries(known?.properties ?? {}).filter(([key]) => key !== "shown");
  return fields.map(([key, field]) => [key, field.title]);
}

export function PairsField({ label, value, onChange, describedBy, schema }: RowsProps & { schema?: Schema }) {
  const { t } = useLingui();
  const { readOnly, onBlur } = useForm();
  const names = useFieldNames(schema);
  const listId = useId();
  const rows = (Array.isArray(value) ? value : []).filter(isObject);
  const shown: JsonObject[] = rows.length === 0 && !readOnly ? [{ name: "", value: "" }] : rows;
  const set = (i: number, part: JsonObject) =>
    onChange(shown.map((row, at) => (at === i ? { ...row, ...part } : row)));
  return (
    <div className="field-stack" role="group" aria-label={label} aria-describedby={describedBy}>
      {names.length > 0 && (
        <datalist id={listId}>
          {names.map(([key, title]) => (
            <option key={key} value={key} label={title} />
          ))}
        </datalist>
      )}
      {shown.map((row, i) => (
        <div className="pair" key={i}>
          <TextInput
            className="pair-name"
            {...(names.length > 0 && { list: listId })}
            aria-label={t`Name ${{ number: i + 1 }}`}
            placeholder={t({ message: "Name", context: "pair" })}
            disabled={readOnly}
            value={asText(row.name)}
            onChange={(event) => set(i, { name: event.currentTarget.value })}
            onBlur={onBlur}
          />
          <div className="pair-value">
            <PillText
              mode="value"
              label={t`Value ${{ number: i + 1 }}`}
              placeholder={t({ message: "Value or data", context: "pair" })}
              value={row.value}
              onChange={(next) => set(i, { value: next ?? "" })}
              onEnter={() => onChange([...shown, { name: "", value: "" }])}
            />
          </div>
          {!readOnly && rows.length > 0 && (
            <RowTools
              index={i}
              count={shown.length}
              onMove={(to) => onChange(moved(shown, i, to))}
              onRemove={() => onChange(shown.filter((_, at) => at !== i))}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <AddRow onClick={() => onChange([...shown, { name: "", value: "" }])}>
          <Trans>Add a field</Trans>
        </AddRow>
      )}
    </div>
  );
}

/** The questions a person answers when starting a run by hand. */
export function FormField({ label, value, onChange, describedBy }: RowsProps) {
  const { t } = useLingui();
  const { readOnly, onBlur } = useForm();
  const rows = (Array.isArray(value) ? value : []).filter(isObject);
  const set = (i: number, part: JsonObject) =>
    onChange(rows.map((row, at) => (at === i ? { ...row, ...part } : row)));
  const kinds = [
    { value: "text", label: t({ message: "Text", context: "question" }) },
    { value: "longtext", label: t({ message: "Long text", context: "question" }) },
    { value: "number", label: t({ message: "Number", context: "question" }) },
    { value: "boolean", label: t({ message: "Yes / no", context: "question" }) },
    { value: "email", label: t({ message: "E-mail", context: "question" }) },
    { value: "datetime", label: t({ message: "Date and time", context: "question" }) },
  ];
  return (
    <div className="field-stack" role="group" aria-label={label} aria-describedby={describedBy}>
      {rows.map((row, i) => (
        <div className="question" key={i}>
          <div className="field-row">
            <TextInput
              className="field-grow"
              aria-label={t`Question ${{ number: i + 1 }}`}
              placeholder={t`Question, e.g. Amount`}
              disabled={readOnly}
              value={asText(row.title)}
              onChange={(event) => {
                const title = event.currentTarget.value;
                const follows =
                  asText(row.name) === "" || asText(row.name) === nameFrom(asText(row.title), i);
                set(i, { title, ...(follows ? { name: nameFrom(title, i) } : {}) });
              }}
              onBlur={onBlur}
            />
            {!readOnly && (
              <RowTools
                index={i}
                count={rows.length}
                onMove={(to) => onChange(moved(rows, i, to))}
                onRemove={() => onChange(rows.filter((_, at) => at !== i))}
              />
            )}
          </div>
          <div className="field-row">
            <NativeSelect
              aria-label={t`Kind of question ${{ number: i + 1 }}`}
              disabled={readOnly}
              data={kinds}
              value={asText(row.kind) || "text"}
              onChange={(event) => set(i, { kind: event.currentTarget.value })}
            />
            <Checkbox
              label={t`must be answered`}
              checked={row.required === true}
              disabled={readOnly}
              onChange={(event) => set(i, { required: event.currentTarget.checked })}
            />
          </div>
        </div>
      ))}
      {!readOnly && (
        <AddRow
          onClick={() =>
            onChange([...rows, { name: nameFrom("", rows.length), title: "", kind: "text", required: false }])
          }
        >
          <Trans>Add a question</Trans>
        </AddRow>
      )}
    </div>
  );
}

/** A field name other steps can use; letters of any language are welcome. */
function nameFrom(title: string, index: number): string {
  const name = title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40);
  return name === "" ? `field_${index + 1}` : /^\d/.test(name) ? `_${name}` : name;
}

export function moved<T>(list: T[], from: number, to: number): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

interface RowToolsProps {
  index: number;
  count: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}

export function RowTools({ index, count, onMove, onRemove }: RowToolsProps) {
  const { t } = useLingui();
  return (
    <span className="row-tools">
      {count > 1 && (
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            disabled={index === 0}
            aria-label={t`Move row ${{ number: index + 1 }} up`}
            onClick={() => onMove(index - 1)}
          >
            <IconArrowUp size={14} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            disabled={index === count - 1}
            aria-label={t`Move row ${{ number: index + 1 }} down`}
            onClick={() => onMove(index + 1)}
          >
            <IconArrowDown size={14} />
          </ActionIcon>
        </>
      )}
      <RemoveRow label={t`Remove row ${{ number: index + 1 }}`} onClick={onRemove} />
    </span>
  );
}

export function RemoveRow({ label, onClick }: { label: string; onClick: () => void }) {
  const { readOnly } = useForm();
  if (readOnly) return null;
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={onClick}>
      <IconTrash size={15} stroke={1.75} />
    </ActionIcon>
  );
}

export function AddRow({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Button
      className="add-row"
      size="compact-sm"
      variant="subtle"
      leftSection={<IconPlus size={14} />}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
