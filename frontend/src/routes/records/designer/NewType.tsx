// A new type of records: a name is enough. Its fields come next, in the designer.
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useMutation } from "urql";
import { AddObjectTypeDocument } from "../../../api/generated/records";
import { currentLocale } from "../../../ui/i18n";
import { ProblemList, useProblems } from "../../../ui/problems";
import { useTypes } from "../useTypes";
import { IconChoice } from "./IconChoice";
import { keyFrom } from "./keys";
import css from "./designer.module.css";

export function NewType({ close }: { close: () => void }) {
  const { t } = useLingui();
  return (
    <Modal
      opened
      onClose={close}
      title={t`New type of records`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <TypeForm close={close} />
    </Modal>
  );
}

const titleNames = { en: "Name", ru: "Название" };

function TypeForm({ close }: { close: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { types } = useTypes();
  const [one, setOne] = useState("");
  const [many, setMany] = useState("");
  const [icon, setIcon] = useState("box");
  const problems = useProblems(["names"] as const);
  const [{ fetching }, add] = useMutation(AddObjectTypeDocument);
  const key = keyFrom(
    one,
    types.map((each) => each.key),
    "type",
  );
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const names = { [currentLocale()]: { one, many: many.trim() === "" ? one : many } };
    const name = { key: "name", kind: "text", names: titleNames, required: true };
    const answer = await add({ type: { key, names, icon, titleField: "name", fields: [name] } });
    if (problems.took(answer, (data) => data.addObjectType.problems)) {
      close();
      void navigate(`/records/${key}/settings`);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <ProblemList problems={problems.rest} />
        <TextInput
          data-autofocus
          label={t`What is one of them called?`}
          placeholder={t`Equipment`}
          value={one}
          onChange={(event) => setOne(event.currentTarget.value)}
          error={problems.at("names")}
        />
        <TextInput
          label={t`And several?`}
          description={t`Left empty, it is called the same`}
          value={many}
          onChange={(event) => setMany(event.currentTarget.value)}
        />
        <IconChoice value={icon} onChange={setIcon} />
        {one.trim() !== "" && <p className={css.key}>{t`Key for formulas: ${key}`}</p>}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={fetching} disabled={one.trim() === ""}>
            <Trans>Make it</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
