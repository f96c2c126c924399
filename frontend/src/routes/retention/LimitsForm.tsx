// The limits as a form; what they would remove now is told while they are typed, before anything is saved.
import { Button, Group, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useState } from "react";
import { useMutation, useQuery } from "urql";
import { RetentionWouldDocument, SetRetentionDocument } from "../../api/generated/retention";
import { ProblemList, useProblems } from "../../ui/problems";
import { sayDone } from "../../ui/toast";
import { type Field, fields, type Limits, limitsOf, read, typedOf } from "./limits";
import css from "./RetentionPage.module.css";

export function LimitsForm({ kept, again }: { kept: Limits; again: () => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(() => typedOf(kept));
  const problems = useProblems(fields);
  const [{ fetching }, setRetention] = useMutation(SetRetentionDocument);
  const limits = limitsOf(typed);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (limits === undefined) return;
    const answer = await setRetention({ input: limits });
    if (!problems.took(answer, (data) => data.setRetention.problems)) return;
    sayDone(t`Saved. A worker removes what is older within the hour`);
    again();
  };
  const field = (name: Field) => ({
    placeholder: t`No limit`,
    inputMode: "numeric" as const,
    value: typed[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget;
      setTyped((before) => ({ ...before, [name]: value }));
    },
    error: read(typed[name]) === undefined ? t`A whole number, or nothing for no limit` : problems.at(name),
  });

  return (
    <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
      <ProblemList problems={problems.rest} />
      <TextInput
        label={t`Days`}
        description={t`A run goes together with its week, so up to a week later`}
        {...field("days")}
      />
      <TextInput label={t`Runs`} description={t`The newest are kept`} {...field("maxRuns")} />
      <TextInput
        label={t`Megabytes`}
        description={t`The newest that fit are kept`}
        {...field("maxMegabytes")}
      />
      {limits !== undefined && <Would limits={limits} />}
      <Group justify="flex-end">
        <Button type="submit" loading={fetching} disabled={limits === undefined}>
          <Trans>Save</Trans>
        </Button>
      </Group>
    </form>
  );
}

function Would({ limits }: { limits: Limits }) {
  const [input] = useDebouncedValue(limits, 400);
  const [{ data }] = useQuery({ query: RetentionWouldDocument, variables: { input } });
  if (!data) return null;
  const { runs, open } = data.retentionPreview;
  return (
    <p className={css.would} role="status">
      {runs === 0 ? (
        <Trans>With these limits nothing would go now.</Trans>
      ) : (
        <Plural
          value={runs}
          one="With these limits # run would go now."
          other="With these limits # runs would go now."
        />
      )}{" "}
      {open > 0 && (
        <Plural
          value={open}
          one="# old run stays: it has not ended."
          other="# old runs stay: they have not ended."
        />
      )}
    </p>
  );
}
