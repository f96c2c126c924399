// A new colleague: name, e-mail, first password, role.
import { Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { AddMemberDocument } from "../../api/generated/manage";
import type { Role } from "../../api/types";
import { PasswordField } from "../../ui/PasswordField";
import { ProblemList, useProblems } from "../../ui/problems";
import { sayDone } from "../../ui/toast";
import { roles, useRoleMeaning, useRoleWords } from "./roles";

const fields = ["name", "email", "password", "role"] as const;
const empty = { name: "", email: "", password: "", role: "BUILDER" as Role };
const changes = { additionalTypenames: ["Member"] };

export function AddMember({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useLingui();
  const words = useRoleWords();
  const meaning = useRoleMeaning();
  const problems = useProblems(fields);
  const [{ fetching }, addMember] = useMutation(AddMemberDocument);
  const [input, setInput] = useState(empty);
  const set = (part: Partial<typeof empty>) => setInput((was) => ({ ...was, ...part }));

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const answer = await addMember({ input }, changes);
    if (!problems.took(answer, (data) => data.addMember.problems)) return;
    const { name } = input;
    sayDone(t`${name} can sign in now`);
    setInput(empty);
    close();
  };

  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t`Add a person`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <ProblemList problems={problems.rest} />
          <TextInput
            data-autofocus
            label={t`Name`}
            autoComplete="off"
            value={input.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={problems.at("name")}
          />
          <TextInput
            label={t`E-mail`}
            type="email"
            autoComplete="off"
            value={input.email}
            onChange={(event) => set({ email: event.currentTarget.value })}
            error={problems.at("email")}
          />
          <PasswordField
            label={t`First password`}
            description={t`Potok sends nothing itself: pass it on in person`}
            autoComplete="new-password"
            value={input.password}
            onChange={(event) => set({ password: event.currentTarget.value })}
            error={problems.at("password")}
          />
          <Radio.Group
            label={t`Role`}
            value={input.role}
            onChange={(value) => set({ role: value })}
            error={problems.at("role")}
          >
            <Stack gap="xs" mt={6}>
              {roles.map((role) => (
                <Radio key={role} value={role} label={words[role]} description={meaning[role]} />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={fetching}>
              <Trans>Add</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
