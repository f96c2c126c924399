// "Are you sure?" with the consequences in words. The safe button has the focus.
import { Button, Group, Modal } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";

interface ConfirmProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  /** The verb on the button: "Delete", "Remove". */
  verb: string;
  /** The safe button, where "Cancel" would be taken for the verb. */
  keep?: string;
  onClose: () => void;
  onConfirm: () => Promise<unknown>;
}

export function Confirm({ opened, title, children, verb, keep, onClose, onConfirm }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    await onConfirm();
    setBusy(false);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} withCloseButton={false}>
      <div>{children}</div>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          {keep ?? <Trans>Cancel</Trans>}
        </Button>
        <Button color="red" loading={busy} onClick={() => void confirm()}>
          {verb}
        </Button>
      </Group>
    </Modal>
  );
}
