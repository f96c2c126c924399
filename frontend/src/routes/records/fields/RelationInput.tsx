// Picks a record of another type: what is typed is searched for on the server.
import { MultiSelect, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useQuery } from "urql";
import { RecordTitlesDocument } from "../../../api/generated/records";
import { settingsOf } from "../model";
import { frameOf, type InputProps } from "./frame";

const whole = ({ options }: { options: readonly unknown[] }) => options as never;

export function RelationInput(props: InputProps) {
  const { t } = useLingui();
  const { field, value, onChange, titles, inCell = false } = props;
  const settings = settingsOf(field);
  const [typed, setTyped] = useState("");
  // Titles that were chosen here; the record itself does not know them before it is kept.
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const titleOf = (id: string) => chosen.get(id) ?? titles?.get(id) ?? "…";
  const ids = value === null || value === undefined ? [] : ([value].flat() as string[]);
  // With one record chosen the input shows its title, which nobody searches for.
  const asked = ids.some((id) => titleOf(id) === typed) ? "" : typed;
  const [search] = useDebouncedValue(asked, 200);
  const [{ data, fetching }] = useQuery({
    query: RecordTitlesDocument,
    variables: { type: settings.target ?? "", search },
  });
  const found = (data?.records.edges ?? []).map(({ node }) => ({ value: node.id, label: node.title || "—" }));
  const options = [
    ...ids
      .filter((id) => !found.some((one) => one.value === id))
      .map((id) => ({ value: id, label: titleOf(id) })),
    ...found,
  ];
  const change = (next: string[]) => {
    setChosen(new Map([...chosen, ...next.map((id) => [id, labelOf(options, id)] as const)]));
    onChange(settings.many ? next : (next[0] ?? null));
  };
  const shared = {
    ...frameOf(props),
    data: options,
    searchable: true,
    clearable: !field.required,
    clearButtonProps: { "aria-label": t`Clear` },
    filter: whole,
    searchValue: typed,
    onSearchChange: setTyped,
    nothingFoundMessage: fetching || search !== asked ? t`Searching…` : t`Nothing found`,
    defaultDropdownOpened: inCell === true,
    placeholder: ids.length === 0 ? t`Type to search` : "",
    comboboxProps: { width: "max-content", position: "bottom-start" } as const,
  };
  if (settings.many) return <MultiSelect {...shared} value={ids} onChange={change} />;
  return (
    <Select
      {...shared}
      allowDeselect={false}
      value={ids[0] ?? null}
      onChange={(next) => change(next === null ? [] : [next])}
    />
  );
}

function labelOf(options: readonly { value: string; label: string }[], id: string): string {
  return options.find((one) => one.value === id)?.label ?? "…";
}
