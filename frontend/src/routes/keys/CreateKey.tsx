// Makes a key and shows its secret once, to be copied.
import { Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { CreateApiKeyDocument } from "../../api/generated/manage";
import { ProblemList, useProblems } from "../../ui/problems";
import css from "./KeysPage.module.css";
import { type Scope, scopes, useScopeWords } from "./scopes";

const fields = ["name", "scope"] as const;
const changes = { additionalTypenames: ["ApiKey"] };

export function CreateKey({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useLingui();
  const [secret, setSecret] = useState<string | null>(null);
  const done = () => {
    close();
    setSecret(null);
  };
  return (
    <Modal
      opened={opened}
      // Once shown, the secret is not to be lost by a click beside the dialog.
      closeOnClickOutside={secret === null}
      closeOnEscape={secret === null}
      onClose={done}
      title={secret === null ? t`Make a key` : t`Copy the key now`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      {secret === null ? (
        <KeyForm close={close} onMade={setSecret} />
      ) : (
        <Secret secret={secret} done={done} />
      )}
    </Modal>
  );
}

function KeyForm({ close, onMade }: { close: () => void; onMade: (secret: string) => void }) {
  const { t } = useLingui();
  const words = useScopeWords();
  const problems = useProblems(fields);
  const [{ fetching }, createKey] = useMutation(CreateApiKeyDocument);
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("READ");

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const answer = await createKey({ name, scope }, changes);
    const secret = answer.data?.createApiKey.secret;
    if (problems.took(answer, (data) => data.createApiKey.problems) && typeof secret === "string")
      onMade(secret);
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <ProblemList problems={problems.rest} />
        <TextInput
          data-autofocus
          label={t`What is it for?`}
          description={t`A name you will recognise a year from now`}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problems.at("name")}
        />
        <Radio.Group
          label={t`What does it allow?`}
          value={scope}
          onChange={(value) => setScope(value)}
          error={problems.at("scope")}
        >
          <Stack gap="xs" mt={6}>
            {scopes.map((one) => (
              <Radio key={one} value={one} label={words[one]} />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={fetching}>
            <Trans>Make the key</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Secret({ secret, done }: { secret: string; done: () => void }) {
  const { t } = useLingui();
  const clipboard = useClipboard({ timeout: 3_000 });
  return (
    <Stack gap="md">
      <p className={css.once}>
        <Trans>It is shown only once: Potok keeps a fingerprint, not the key.</Trans>
      </p>
      <TextInput
        readOnly
        aria-label={t`The key`}
        classNames={{ input: css.secret ?? "" }}
        value={secret}
        onFocus={(event) => event.currentTarget.select()}
      />
      <p className={css.once}>
        <Trans>
          Programs send it in the header <code>Authorization: Bearer …</code>
        </Trans>
      </p>
      <Group justify="flex-end" gap="sm">
        <Button
          variant={clipboard.copied ? "light" : "filled"}
          leftSection={
            clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
          }
          onClick={() => clipboard.copy(secret)}
        >
          {clipboard.copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
        </Button>
        <Button variant="default" onClick={done}>
          <Trans>I have saved it</Trans>
        </Button>
      </Group>
    </Stack>
  );
}
