// A run that stopped because nobody knows whether something happened: shows what, and takes a person's answer.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconHelp } from "@tabler/icons-react";
import { useState } from "react";
import { useClient, useQuery } from "urql";
import {
  RunQuestionsDocument,
  type RunQuestionsQuery,
  SettleEffectDocument,
  type SettleEffectMutationVariables,
} from "../api/generated/runs";
import { useMay } from "../api/session";
import { Ago } from "../ui/Ago";
import { Failed } from "../ui/Parts";
import { ProblemList, useProblems } from "../ui/problems";
import type { RunDetail } from "./useRuns";
import "./runControls.css";

type Effect = RunQuestionsQuery["effects"]["nodes"][number];
type Answer = SettleEffectMutationVariables["answer"];

interface RunQuestionsProps {
  run: { id: string; steps: Pick<RunDetail["steps"][number], "nodeId" | "title">[] };
  onAnswered: () => void;
}

export function RunQuestions({ run, onAnswered }: RunQuestionsProps) {
  const [{ data, error }, ask] = useQuery({
    query: RunQuestionsDocument,
    variables: { runId: run.id },
    requestPolicy: "cache-and-network",
  });
  const again = () => ask({ requestPolicy: "network-only" });
  if (error && !data) return <Failed error={error} again={again} />;
  return (
    <>
      {data?.effects.nodes.map((effect) => (
        <Question
          key={effect.key}
          effect={effect}
          step={run.steps.find((one) => one.nodeId === effect.nodeId)?.title ?? effect.nodeId}
          onAnswered={() => {
            again();
            onAnswered();
          }}
        />
      ))}
    </>
  );
}

interface QuestionProps {
  effect: Effect;
  step: string;
  onAnswered: () => void;
}

function Question({ effect, step, onAnswered }: QuestionProps) {
  const { t } = useLingui();
  const client = useClient();
  const mayAnswer = useMay("build");
  const { took, rest } = useProblems([]);
  const [busy, setBusy] = useState<Answer | null>(null);

  const settle = async (answer: Answer) => {
    setBusy(answer);
    const told = await client.mutation(SettleEffectDocument, { key: effect.key, answer }).toPromise();
    took(told, (data) => data.settleEffect.problems);
    setBusy(null);
    onAnswered();
  };
  const answers: [Answer, string][] = [
    ["SENT", t`It was sent`],
    ["AGAIN", t`Send again`],
    ["SKIP", t`Skip it`],
  ];
  return (
    <section className="run-question" aria-label={t`Was it sent?`}>
      <h2>
        <IconHelp size={18} aria-hidden />
        <Trans>Was it sent?</Trans>
      </h2>
      <p>
        <Trans>
          The step “{step}” was interrupted <Ago at={effect.intendedAt} />, and Potok cannot tell whether this
          happened:
        </Trans>
      </p>
      <blockquote>{effect.preview}</blockquote>
      {mayAnswer ? (
        <div className="run-answers">
          {answers.map(([answer, words]) => (
            <Button
              key={answer}
              size="sm"
              variant="default"
              loading={busy === answer}
              disabled={busy !== null && busy !== answer}
              onClick={() => void settle(answer)}
            >
              {words}
            </Button>
          ))}
        </div>
      ) : (
        <p>
          <Trans>A builder or an owner can answer; then the run goes on.</Trans>
        </p>
      )}
      <ProblemList problems={rest} />
    </section>
  );
}
