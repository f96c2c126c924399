// Two people saved one scenario: both drafts are at hand, nobody's work is lost.
import { Button, Group, Modal, Text } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import { normalise } from "../graph/doc";
import type { OpenScenario } from "./useScenario";

/** Somebody else saved in between. Both drafts are at hand; whichever is not chosen can be had back by undo. */
export function Conflict({ open }: { open: OpenScenario }) {
  const { saveState: state, saver, doc, commands, learn } = open;
  if (state.phase !== "conflict") return null;
  const { scenario } = state.theirs;
  const who = scenario.draftEditedBy?.name;
  const takeTheirs = () => {
    commands.replaceAll(normalise(scenario.draft));
    doc.history.endTyping();
    saver.tookTheirs();
    learn(scenario);
  };
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={<Trans>The scenario was changed elsewhere</Trans>}
    >
      <Text size="sm">
        {who ? (
          <Trans>
            {who} saved this scenario while you were changing it too. Nothing is lost: choose which one to go
            on with.
          </Trans>
        ) : (
          <Trans>
            This scenario was saved from another window while you were changing it here. Nothing is lost:
            choose which one to go on with.
          </Trans>
        )}
      </Text>
      <Text size="sm" c="dimmed" mt="xs">
        <Trans>If you take theirs, Undo brings yours back.</Trans>
      </Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={takeTheirs}>
          <Trans>Take theirs</Trans>
        </Button>
        <Button onClick={() => void saver.keepMine()} data-autofocus>
          <Trans>Keep mine</Trans>
        </Button>
      </Group>
    </Modal>
  );
}
