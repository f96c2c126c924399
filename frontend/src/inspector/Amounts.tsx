// Small parts of limits: a number that may be empty, and a time as an amount and its unit.
import { useState } from "react";
import { NativeSelect, NumberInput } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { isUnit, UNIT_NAMES, UNITS } from "../catalog/words";
import { UNIT_SECONDS, unitOf } from "../graph/limits";

interface AmountProps {
  label: string;
  value: number | undefined;
  max: number;
  disabled: boolean;
  onChange: (value: number | undefined) => void;
  description?: string;
}

/** A whole number from one; empty: none. */
export function Amount({ label, value, max, disabled, onChange, description }: AmountProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      value={value ?? ""}
      min={1}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="strict"
      disabled={disabled}
      onChange={(next) => onChange(typeof next === "number" && next >= 1 ? next : undefined)}
    />
  );
}

/** Seconds, said in the unit the person chose. */
export function Time({ label, value, max, disabled, onChange, description }: AmountProps) {
  const { t, i18n } = useLingui();
  const [unit, setUnit] = useState(() => unitOf(value));
  return (
    <div className="failure-row">
      <NumberInput
        label={label}
        description={description}
        value={value === undefined ? "" : value / UNIT_SECONDS[unit]}
        min={0}
        max={max / UNIT_SECONDS[unit]}
        decimalScale={2}
        allowNegative={false}
        clampBehavior="strict"
        disabled={disabled}
        onChange={(next) =>
          onChange(typeof next === "number" && next > 0 ? next * UNIT_SECONDS[unit] : undefined)
        }
      />
      <NativeSelect
        label={t`Unit`}
        aria-label={t`${label}: unit`}
        value={unit}
        disabled={disabled}
        data={UNITS.map((one) => ({ value: one, label: i18n._(UNIT_NAMES[one]) }))}
        onChange={(event) => {
          const next = event.currentTarget.value;
          if (!isUnit(next)) return;
          setUnit(next);
          if (value !== undefined) onChange((value / UNIT_SECONDS[unit]) * UNIT_SECONDS[next]);
        }}
      />
    </div>
  );
}
