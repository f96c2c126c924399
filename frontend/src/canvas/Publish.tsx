// Publishing: says what will change, lists what blocks it with a way there, takes a note.
import { useState } from "react";
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useClient } from "urql";
import { PublishDocument } from "../api/generated/builder";
import type { ProblemInfo } from "./builder";
import { ProblemRows } from "./Problems";
import type { OpenScenario } from "./useScenario";
import { useView } from "./view";

interface PublishProps {
  open: OpenScenario;
  problems: ProblemInfo[];
}

export function Publish({ open, problems }: PublishProps) {
  const { t } = useLingui();
  const client = useClient();
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { scenario, saver, learn, graph } = open;
  const blocking = problems.filter((problem) => !problem.warning);
  const editor = scenario.draftEditedBy?.name;
  const number = (scenario.published?.number ?? 0) + 1;
  const fresh = scenario.published !== null && !scenario.draftChanged && open.saveState.phase === "saved";

  const start = async () => {
    setRefusal(null);
    await saver.flush();
    setAsking(true);
  };
  const publish = async () => {
    setBusy(true);
    setRefusal(null);
    const saved = await saver.flush();
    const { data, error } = saved
      ? await client
          .mutation(PublishDocument, { id: scenario.id, revision: saver.revision, note })
          .toPromise()
      : { data: undefined, error: undefined };
    setBusy(false);
    const answer = data?.publishScenario;
    if (answer?.scenario) learn(answer.scenario);
    if (answer && answer.problems.every((one) => one.severity === "WARNING") && !answer.conflict) {
      setAsking(false);
      setNote("");
      useView
        .getState()
        .say(t`Version ${{ number: answer.scenario?.published?.number ?? number }} is published`);
      return;
    }
    const words = answer?.problems[0];
    setRefusal(
      words
        ? `${words.message} ${words.fix}`
        : (error?.graphQLErrors[0]?.message ?? t`The server does not answer. Try again.`),
    );
  };

  return (
    <>
      <Button
        size="sm"
        leftSection={<IconUpload size={16} />}
        disabled={graph.nodes.length === 0}
        variant={fresh ? "default" : "filled"}
        onClick={() => void start()}
        data-testid="publish"
      >
        <Trans>Publish</Trans>
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={blocking.length > 0 ? t`Not ready to publish` : t`Publish version ${number}`}
        closeButtonProps={{ "aria-label": t`Close` }}
      >
        {blocking.length > 0 ? (
          <>
            <Text size="sm" mb="sm">
              <Trans>The draft is saved. Mend this first, then publish:</Trans>
            </Text>
            <ProblemRows problems={blocking} onGo={() => setAsking(false)} />
          </>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void publish();
            }}
          >
            <Text size="sm" mb="md">
              {scenario.published ? (
                <Trans>New runs will follow version {number}. Runs that are going on stay on theirs.</Trans>
              ) : (
                <Trans>The scenario starts working: events from now on make it run.</Trans>
              )}
            </Text>
            {editor !== undefined && (
              <Text size="xs" c="dimmed" mb="md">
                <Trans>Last edited by {editor}.</Trans>
              </Text>
            )}
            <TextInput
              label={t`What is new (optional)`}
              value={note}
              maxLength={200}
              onChange={(event) => setNote(event.currentTarget.value)}
              data-autofocus
            />
            {refusal !== null && (
              <Text size="sm" c="var(--p-bad)" mt="sm" role="alert">
                {refusal}
              </Text>
            )}
            <Group justify="flex-end" mt="lg" gap="sm">
              <Button variant="default" onClick={() => setAsking(false)}>
                <Trans>Cancel</Trans>
              </Button>
              <Button type="submit" loading={busy} data-testid="publish-confirm">
                <Trans>Publish</Trans>
              </Button>
            </Group>
          </form>
        )}
      </Modal>
    </>
  );
}
