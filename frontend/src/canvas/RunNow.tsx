// "Run now": asks what the manual trigger wants to know, then starts the published version.
import { type ReactNode, useState } from "react";
import {
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  Stack,
  Text,
  Textarea,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useClient } from "urql";
import { RunNowDocument } from "../api/generated/builder";
import { type Question, questionsOf } from "../graph/questions";
import type { JsonObject, NodeJson } from "../graph/types";
import { asText } from "../graph/values";
import type { OpenScenario } from "./useScenario";
import { useView } from "./view";

interface RunNowProps {
  open: OpenScenario;
  trigger: NodeJson;
  onStarted: (runId: string) => void;
}

export function RunNow({ open, trigger, onStarted }: RunNowProps) {
  const { t } = useLingui();
  const client = useClient();
  const { scenario } = open;
  const [asking, setAsking] = useState(false);
  const [answers, setAnswers] = useState<JsonObject>({});
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<{ name: string | undefined; words: string }[]>([]);
  const questions = questionsOf(trigger);
  const published = scenario.published !== null;
  const version = scenario.published?.number ?? 0;

  const run = async () => {
    setBusy(true);
    const input = questions.length > 0 ? answers : null;
    const { data, error } = await client.mutation(RunNowDocument, { id: scenario.id, input }).toPromise();
    setBusy(false);
    const answer = data?.runNow;
    if (typeof answer?.runId === "string") {
      setAsking(false);
      setAnswers({});
      setProblems([]);
      onStarted(answer.runId);
      return;
    }
    const found = (answer?.problems ?? []).map((one) => ({
      name: one.path.at(-1),
      words: `${one.message} ${one.fix}`,
    }));
    if (found.length === 0)
      found.push({
        name: undefined,
        words: error?.graphQLErrors[0]?.message ?? t`The server does not answer. Try again.`,
      });
    setProblems(found);
    if (questions.length === 0) useView.getState().say(found[0]?.words ?? "");
  };
  const rest = problems.filter((one) => !questions.some((question) => question.name === one.name));

  return (
    <>
      <Tooltip label={t`Publish first: runs follow a published version`} disabled={published}>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconPlayerPlay size={16} />}
          {...(published ? {} : { "data-disabled": true })}
          aria-disabled={!published}
          loading={busy && !asking}
          onClick={() => {
            if (!published) return;
            if (questions.length > 0) setAsking(true);
            else void run();
          }}
        >
          <Trans>Run now</Trans>
        </Button>
      </Tooltip>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t`Run now`}
        closeButtonProps={{ "aria-label": t`Close` }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          <Stack gap="md">
            {scenario.draftChanged && (
              <Text size="sm" c="dimmed">
                <Trans>
                  The published version {version} runs; changes of the draft do not take part yet.
                </Trans>
              </Text>
            )}
            {questions.map((question) => (
              <Answer
                key={question.name}
                question={question}
                value={answers[question.name]}
                error={problems.find((one) => one.name === question.name)?.words}
                onChange={(value) => setAnswers((old) => ({ ...old, [question.name]: value }))}
              />
            ))}
            {rest.map((one, i) => (
              <Text key={i} size="sm" c="var(--p-bad)" role="alert">
                {one.words}
              </Text>
            ))}
          </Stack>
          <Group justify="flex-end" mt="lg" gap="sm">
            <Button variant="default" onClick={() => setAsking(false)}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={busy}>
              <Trans>Run</Trans>
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}

interface AnswerProps {
  question: Question;
  value: unknown;
  error: ReactNode;
  onChange: (value: JsonObject[string]) => void;
}

function Answer({ question, value, error, onChange }: AnswerProps) {
  const common = { label: question.title, required: question.required, error };
  const text = asText(value);
  switch (question.kind) {
    case "number":
      return (
        <NumberInput
          {...common}
          value={typeof value === "number" ? value : text}
          onChange={(next) => onChange(next)}
        />
      );
    case "boolean":
      return (
        <Checkbox
          label={question.title}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "longtext":
      return (
        <Textarea
          {...common}
          autosize
          minRows={3}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "datetime":
      return (
        <TextInput
          {...common}
          type="datetime-local"
          onChange={(event) => {
            const moment = new Date(event.currentTarget.value);
            onChange(Number.isNaN(moment.getTime()) ? "" : moment.toISOString());
          }}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          type={question.kind === "email" ? "email" : "text"}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
