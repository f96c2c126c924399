// How a type is called in both languages, its picture, and the field that names its records.
import { Button, Select, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { UpdateObjectTypeDocument } from "../../../api/generated/records";
import { Panel } from "../../../ui/Parts";
import { ProblemList, useProblems } from "../../../ui/problems";
import { sayDone } from "../../../ui/toast";
import type { TypeShape } from "../model";
import css from "./designer.module.css";
import { IconChoice } from "./IconChoice";

type Both = Partial<Record<string, { one: string; many: string }>>;

export function TypeNames({ type, refresh }: { type: TypeShape; refresh: () => void }) {
  const { t } = useLingui();
  const [names, setNames] = useState(type.names as Both);
  const [icon, setIcon] = useState(type.icon);
  const [titleField, setTitleField] = useState(type.titleField);
  const problems = useProblems(["names", "titleField"] as const);
  const [{ fetching }, update] = useMutation(UpdateObjectTypeDocument);
  const set = (locale: string, part: "one" | "many", value: string) =>
    setNames((was) => ({ ...was, [locale]: { one: "", many: "", ...was[locale], [part]: value } }));
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const said = Object.fromEntries(Object.entries(names).filter(([, one]) => one && one.one.trim() !== ""));
    const answer = await update({ key: type.key, change: { names: said, icon, titleField } });
    if (problems.took(answer, (data) => data.updateObjectType.problems)) {
      sayDone(t`Saved`);
      refresh();
    }
  };
  const input = (locale: string, part: "one" | "many", label: string) => (
    <TextInput
      label={label}
      value={names[locale]?.[part] ?? ""}
      onChange={(event) => set(locale, part, event.currentTarget.value)}
    />
  );
  return (
    <Panel title={t`Name and picture`}>
      <form className={css.names} onSubmit={(event) => void submit(event)} noValidate>
        <ProblemList problems={problems.rest} />
        <div className={css.pairs}>
          {input("en", "one", t`One, in English`)}
          {input("en", "many", t`Several, in English`)}
          {input("ru", "one", t`One, in Russian`)}
          {input("ru", "many", t`Several, in Russian`)}
        </div>
        <Select
          label={t`Field that names a record`}
          allowDeselect={false}
          data={type.fields.map((one) => ({ value: one.key, label: one.name }))}
          value={titleField === "" ? null : titleField}
          onChange={(key) => setTitleField(key ?? "")}
          error={problems.at("titleField")}
        />
        <IconChoice value={icon} onChange={setIcon} />
        <div>
          <Button type="submit" loading={fetching}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </Panel>
  );
}
