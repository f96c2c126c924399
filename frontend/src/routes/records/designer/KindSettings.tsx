// What a kind of field wants to know.
import { Checkbox, NumberInput, Select, TextInput } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import type { FieldSettings, TypeShape } from "../model";
import { Currency } from "./Currency";
import { FormulaInput } from "./FormulaInput";
import { OptionsEditor } from "./OptionsEditor";

interface Props {
  kind: string;
  type: TypeShape;
  types: readonly TypeShape[];
  /** Whether the field is there already: some settings cannot change any more. */
  made: boolean;
  settings: FieldSettings;
  onChange: (part: FieldSettings) => void;
}

export function KindSettings(props: Props) {
  const { t } = useLingui();
  const { kind, settings, onChange, types, made } = props;
  const example = "{n}, {n:5}, {year}";
  switch (kind) {
    case "choice":
    case "choices":
    case "calculated":
      return (
        <OptionsEditor
          options={settings.options ?? []}
          counted={kind === "calculated"}
          onChange={(options) => onChange({ options })}
        />
      );
    case "formula":
      return <FormulaInput {...props} />;
    case "relation":
      return (
        <>
          <Select
            label={t`Records of`}
            allowDeselect={false}
            disabled={made}
            searchable
            data={types.map((one) => ({ value: one.key, label: one.plural }))}
            value={settings.target ?? null}
            onChange={(target) => target !== null && onChange({ target })}
          />
          <Checkbox
            label={t`Several records`}
            disabled={made}
            checked={settings.many ?? false}
            onChange={(event) => onChange({ many: event.currentTarget.checked })}
          />
        </>
      );
    case "money":
      return <Currency settings={settings} onChange={onChange} />;
    case "number":
      return (
        <>
          <TextInput
            label={t`Unit`}
            placeholder={t`pcs`}
            value={settings.unit ?? ""}
            onChange={(event) => onChange({ unit: event.currentTarget.value })}
          />
          <Scale settings={settings} onChange={onChange} />
        </>
      );
    case "text":
      return <TextRules settings={settings} onChange={onChange} />;
    case "autonumber":
      return (
        <TextInput
          label={t`Pattern`}
          description={t`The number, the same with zeros, the year: ${example}`}
          placeholder="{n}"
          value={settings.pattern ?? ""}
          onChange={(event) => onChange({ pattern: event.currentTarget.value })}
        />
      );
    default:
      return null;
  }
}

type Part = Pick<Props, "settings" | "onChange">;

function Scale({ settings, onChange }: Part) {
  const { t } = useLingui();
  return (
    <NumberInput
      label={t`Digits after the point`}
      description={t`Left empty, a number stays as it was typed`}
      min={0}
      max={12}
      allowDecimal={false}
      value={settings.scale ?? ""}
      onChange={(value) => onChange({ scale: typeof value === "number" ? value : null })}
    />
  );
}

function TextRules({ settings, onChange }: Part) {
  const { t } = useLingui();
  return (
    <>
      <TextInput
        label={t`Pattern`}
        description={t`0 is a digit, a is a letter, * either; left empty, anything goes`}
        placeholder="000-aa"
        value={settings.mask ?? ""}
        onChange={(event) => onChange({ mask: event.currentTarget.value })}
      />
      <Select
        label={t`Check as`}
        clearable
        clearButtonProps={{ "aria-label": t`No check` }}
        data={[
          { value: "inn", label: t`INN` },
          { value: "ogrn", label: t`OGRN` },
          { value: "snils", label: t`SNILS` },
          { value: "kpp", label: t`KPP` },
          { value: "bik", label: t`BIK` },
          { value: "account", label: t`Bank account` },
        ]}
        value={settings.check ?? null}
        onChange={(check) => onChange({ check })}
      />
    </>
  );
}
