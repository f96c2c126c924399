// Sets a variable by hand: a new one of the whole workspace, or one that is there.
import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import {
  SetVariableDocument,
  type VariableKind,
  type VariablePartsFragment,
} from "../../api/generated/variables";
import { ProblemList, useProblems } from "../../ui/problems";
import { kinds, meant, shown, useKindWords } from "./values";

const fields = ["name", "kind", "value"] as const;

interface Props {
  /** The one to change; null for a new one. */
  variable: VariablePartsFragment | null;
  close: () => void;
  done: () => void;
}

export function SetVariable({ variable, close, done }: Props) {
  const { t } = useLingui();
  const name = variable?.name;
  return (
    <Modal
      opened
      onClose={close}
      title={name === undefined ? t`Set a variable` : t`Change “${name}”`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <VariableForm variable={variable} close={close} done={done} />
    </Modal>
  );
}

function VariableForm({ variable, close, done }: Props) {
  const { t } = useLingui();
  const words = useKindWords();
  const problems = useProblems(fields);
  const [{ fetching }, setVariable] = useMutation(SetVariableDocument);
  const [name, setName] = useState(variable?.name ?? "");
  const [kind, setKind] = useState<VariableKind>(variable?.kind ?? "TEXT");
  const [typed, setTyped] = useState(variable ? shown(variable) : "");
  const [unreadable, setUnreadable] = useState(false);

  const choose = (chosen: string | null) => {
    const next = kinds.find((one) => one === chosen) ?? kind;
    setKind(next);
    setUnreadable(false);
    if (next === "BOOLEAN" && typed !== "false") setTyped("true");
  };
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const found = meant(kind, typed);
    setUnreadable(found === null);
    if (found === null) return;
    const scenarioId = variable?.scenarioId ?? null;
    const answer = await setVariable({ input: { name, kind, value: found.value, scenarioId } });
    if (problems.took(answer, (data) => data.setVariable.problems)) {
      done();
      close();
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <ProblemList problems={problems.rest} />
        {variable === null && (
          <TextInput
            data-autofocus
            label={t`Name`}
            description={t`Scenarios read it by this name`}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problems.at("name")}
          />
        )}
        <Select
          label={t`Kind`}
          allowDeselect={false}
          data={kinds.map((one) => ({ value: one, label: words[one] }))}
          value={kind}
          onChange={choose}
        />
        {kind === "BOOLEAN" ? (
          <Select
            label={t`Value`}
            allowDeselect={false}
            data={[
              { value: "true", label: t`yes` },
              { value: "false", label: t`no` },
            ]}
            value={typed === "false" ? "false" : "true"}
            onChange={(value) => setTyped(value ?? "true")}
            error={problems.at("value")}
          />
        ) : (
          <Textarea
            rows={kind === "NUMBER" ? 1 : 4}
            resize="vertical"
            label={t`Value`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={
              unreadable ? t`This is not JSON. Check quotes, commas and brackets.` : problems.at("value")
            }
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={fetching}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
