// The currency an amount is kept in.
import { Select } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import type { FieldSettings } from "../model";

const currencies = ["RUB", "USD", "EUR", "KZT", "BYN", "CNY"];

interface Part {
  settings: FieldSettings;
  onChange: (part: FieldSettings) => void;
}

export function Currency({ settings, onChange }: Part) {
  const { t } = useLingui();
  return (
    <Select
      label={t`Currency`}
      allowDeselect={false}
      data={currencies}
      value={settings.currency ?? "RUB"}
      onChange={(currency) => currency !== null && onChange({ currency })}
    />
  );
}
