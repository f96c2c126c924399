// A time zone by its name in the IANA database.
import { Select } from "@mantine/core";
import type { ReactNode } from "react";

const WORKSPACE = "-";

interface ZoneSelectProps {
  label: string;
  description?: string;
  value: string | null;
  /** What stands for null, where none may be chosen. */
  none?: string;
  readOnly?: boolean;
  error?: ReactNode;
  onChange: (zone: string | null) => void;
}

export function ZoneSelect({ label, description, value, none, readOnly, error, onChange }: ZoneSelectProps) {
  const zones = new Set([...(value === null ? [] : [value]), "UTC", ...Intl.supportedValuesOf("timeZone")]);
  const data = [...zones].map((zone) => ({ value: zone, label: zone }));
  return (
    <Select
      label={label}
      description={description}
      searchable
      allowDeselect={false}
      limit={50}
      readOnly={readOnly ?? false}
      data={none === undefined ? data : [{ value: WORKSPACE, label: none }, ...data]}
      value={value ?? (none === undefined ? null : WORKSPACE)}
      onChange={(zone) => zone !== null && onChange(zone === WORKSPACE ? null : zone)}
      error={error}
    />
  );
}
