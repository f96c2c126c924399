// One scenario or all: the filter of lists that tell of scenarios.
import { NativeSelect } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "urql";
import { ScenarioNamesDocument } from "../../api/generated/manage";
import css from "./RunsPage.module.css";

export function ScenarioFilter({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { t } = useLingui();
  const [{ data }] = useQuery({ query: ScenarioNamesDocument });
  const names = (data?.scenarios.nodes ?? []).map(({ id, title }) => ({
    value: id,
    label: title || t`Untitled scenario`,
  }));
  return (
    <NativeSelect
      className={css.scenario ?? ""}
      aria-label={t`Scenario`}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[{ value: "", label: t`All scenarios` }, ...names]}
    />
  );
}
