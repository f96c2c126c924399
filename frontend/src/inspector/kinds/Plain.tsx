// Fields of one plain value: yes/no, choices, dates, durations, time zones, JSON, secrets.
import { useId, useState } from "react";
import {
  Checkbox,
  Group,
  NativeSelect,
  PasswordInput,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { UNIT_NAMES, UNITS } from "../../catalog/words";
import { literal } from "../../graph/literal";
import { choicesOf } from "../../graph/form";
import type { Json, Schema } from "../../graph/types";
import { asText, isDynamic, isObject } from "../../graph/values";
import { type FieldProps, useForm } from "../context";
import { PillText } from "../PillText";

interface PlainProps extends FieldProps<Json | undefined> {
  schema: Schema;
}

export function BooleanField({ label, value, onChange, schema, id, describedBy }: PlainProps) {
  const { t } = useLingui();
  const { readOnly } = useForm();
  const on = value ?? schema.default;
  if (isDynamic(value))
    return <PillText mode="number" label={label} value={value} onChange={(v) => onChange(v ?? undefined)} />;
  return (
    <Switch
      {...(id === undefined ? {} : { id })}
      aria-label={label}
      aria-describedby={describedBy}
      checked={on === true}
      disabled={readOnly}
      label={on === true ? t({ message: "Yes", context: "switch" }) : t({ message: "No", context: "switch" })}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

export function ChoiceField({ label, value, onChange, schema, id, describedBy, invalid }: PlainProps) {
  const { t } = useLingui();
  const { readOnly } = useForm();
  if (isDynamic(value))
    return <PillText mode="number" label={label} value={value} onChange={(v) => onChange(v ?? undefined)} />;
  const known = choicesOf(schema);
  const now = asText(value ?? schema.default);
  const missing = now !== "" && !known.some((choice) => choice.value === now);
  const empty = now === "" ? [{ value: "", label: t`Choose…` }] : [];
  return (
    <NativeSelect
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      error={invalid}
      disabled={readOnly}
      value={now}
      data={[...empty, ...known, ...(missing ? [{ value: now, label: now }] : [])]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export function ChoicesField({ label, value, onChange, schema, describedBy }: PlainProps) {
  const { readOnly } = useForm();
  const now = (Array.isArray(value) ? value : Array.isArray(schema.default) ? schema.default : []).map(
    String,
  );
  return (
    <Checkbox.Group
      value={now}
      onChange={(next) => onChange(next)}
      aria-label={label}
      aria-describedby={describedBy}
    >
      <Group gap="md" mt={4}>
        {choicesOf(schema).map((choice) => (
          <Checkbox key={choice.value} value={choice.value} label={choice.label} disabled={readOnly} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

/** A moment: picked from a calendar, or data from an earlier step. */
export function DateTimeField({ label, value, onChange, id, describedBy, invalid }: PlainProps) {
  const { t } = useLingui();
  const { readOnly, onBlur } = useForm();
  const [data, setData] = useState(isDynamic(value));
  const kinds = [
    { value: "fixed", label: t`A fixed moment` },
    { value: "data", label: t`From the data` },
  ];
  return (
    <div className="field-stack">
      <NativeSelect
        aria-label={t`${label}: where it comes from`}
        disabled={readOnly}
        value={data ? "data" : "fixed"}
        data={kinds}
        onChange={(event) => {
          setData(event.currentTarget.value === "data");
          onChange(undefined);
        }}
      />
      {data ? (
        <PillText
          mode="value"
          eager
          label={label}
          value={value}
          onChange={onChange}
          describedBy={describedBy}
        />
      ) : (
        <TextInput
          id={id}
          type="datetime-local"
          aria-label={label}
          aria-describedby={describedBy}
          error={invalid}
          disabled={readOnly}
          value={localMoment(value)}
          onChange={(event) => onChange(withOffset(event.currentTarget.value))}
          onBlur={onBlur}
        />
      )}
    </div>
  );
}

/** ISO time as the browser's own clock shows it. */
function localMoment(value: Json | undefined): string {
  const moment = typeof value === "string" ? new Date(value) : null;
  if (!moment || Number.isNaN(moment.getTime())) return "";
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function withOffset(local: string): Json | undefined {
  const moment = new Date(local);
  return local === "" || Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

export function DurationField({ label, value, onChange, describedBy, invalid }: PlainProps) {
  const { t, i18n } = useLingui();
  const { readOnly } = useForm();
  const now = isObject(value) ? value : { amount: null, unit: "minutes" };
  return (
    <div className="field-row">
      <div className="field-grow">
        <PillText
          mode="number"
          label={t`${label}: how many`}
          value={now.amount}
          invalid={invalid ?? false}
          describedBy={describedBy}
          onChange={(amount) => onChange({ ...now, amount: amount ?? null })}
        />
      </div>
      <NativeSelect
        aria-label={t`${label}: unit`}
        disabled={readOnly}
        value={asText(now.unit) || "minutes"}
        data={UNITS.map((unit) => ({ value: unit, label: i18n._(UNIT_NAMES[unit]) }))}
        onChange={(event) => onChange({ ...now, unit: event.currentTarget.value })}
      />
    </div>
  );
}

export function TimezoneField({ label, value, onChange, id, describedBy, invalid, placeholder }: PlainProps) {
  const { readOnly, onBlur } = useForm();
  const list = useId();
  return (
    <>
      <TextInput
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        error={invalid}
        disabled={readOnly}
        list={list}
        placeholder={placeholder ?? Intl.DateTimeFormat().resolvedOptions().timeZone}
        value={asText(value)}
        onChange={(event) =>
          onChange(event.currentTarget.value === "" ? undefined : event.currentTarget.value)
        }
        onBlur={onBlur}
      />
      <datalist id={list}>
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}

/** Any value: JSON text that is taken over only while it reads as JSON; what was typed stays either way. */
export function JsonField({ label, value, onChange, id, describedBy, invalid }: PlainProps) {
  const { t } = useLingui();
  const { readOnly, onBlur } = useForm();
  const [typed, setTyped] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  if (isDynamic(value) || typeof value === "string" || value === undefined || value === null) {
    return (
      <PillText
        mode="value"
        multiline
        label={label}
        value={value}
        describedBy={describedBy}
        invalid={invalid ?? false}
        placeholder={t`Text, data, or JSON`}
        onChange={(next) => onChange(typeof next === "string" ? parsed(next) : next)}
      />
    );
  }
  return (
    <Textarea
      id={id}
      autosize
      minRows={3}
      maxRows={14}
      aria-label={label}
      aria-describedby={describedBy}
      disabled={readOnly}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
      error={broken ? <Trans>This is not JSON yet: check brackets, commas and quotes.</Trans> : invalid}
      value={typed ?? JSON.stringify(value, null, 2)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        try {
          onChange(text.trim() === "" ? undefined : (JSON.parse(text) as Json));
          setBroken(false);
        } catch {
          setBroken(true);
        }
      }}
      onBlur={() => {
        if (!broken) setTyped(null);
        onBlur();
      }}
    />
  );
}

/** Pasted JSON of an object or a list becomes that; other words stay words. */
function parsed(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return literal(text);
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

export function SecretField({ label, value, onChange, id, describedBy, invalid }: PlainProps) {
  const { readOnly, onBlur } = useForm();
  return (
    <PasswordInput
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      error={invalid}
      disabled={readOnly}
      autoComplete="off"
      value={asText(value)}
      onChange={(event) => onChange(event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
      onBlur={onBlur}
    />
  );
}

export function Unknown({ kind }: { kind: string }) {
  return (
    <Text size="sm" c="dimmed">
      <Trans>This version of Potok cannot edit a field of the kind {kind}.</Trans>
    </Text>
  );
}
