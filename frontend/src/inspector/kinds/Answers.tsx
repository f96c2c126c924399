// The answers to the questions of the scenario a step calls: its start by hand as a form.
import { useMemo } from "react";
import { Text } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "urql";
import { CalledQuestionsDocument } from "../../api/generated/inspector";
import { normalise } from "../../graph/doc";
import { type Question, questionsOf } from "../../graph/questions";
import type { Json } from "../../graph/types";
import { asText, isObject } from "../../graph/values";
import { type FieldProps, useForm } from "../context";
import { PillText } from "../PillText";
import { PairsField } from "./Rows";

export function AnswersField(props: FieldProps<Json | undefined>) {
  const { t } = useLingui();
  const { value, onChange, label, describedBy } = props;
  const { chosen, questions } = useQuestions();
  const rows = (Array.isArray(value) ? value : []).filter(isObject);
  const others = rows.filter((row) => !questions?.some((question) => question.name === asText(row.name)));
  const answer = (name: string, next: Json | undefined) => {
    const row = { name, value: next ?? null };
    const known = rows.some((one) => asText(one.name) === name);
    const without = next === undefined || next === "";
    if (without) onChange(rows.filter((one) => asText(one.name) !== name));
    else onChange(known ? rows.map((one) => (asText(one.name) === name ? row : one)) : [...rows, row]);
  };
  if (!chosen && rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        <Trans>Choose the scenario first: what it asks appears here.</Trans>
      </Text>
    );
  }
  // Nothing is known of a scenario that is taken from the data: names and values are written by hand.
  if (questions === null) return <PairsField {...props} />;
  return (
    <div className="field-stack" role="group" aria-label={label} aria-describedby={describedBy}>
      {questions.map((question) => (
        <Answer
          key={question.name}
          question={question}
          value={rows.find((row) => asText(row.name) === question.name)?.value}
          onChange={(next) => answer(question.name, next)}
        />
      ))}
      {questions.length === 0 && (
        <Text size="sm" c="dimmed">
          <Trans>It asks nothing.</Trans>
        </Text>
      )}
      {others.length > 0 && (
        <>
          <Text size="sm" fw={500} mt="xs">
            <Trans>Not asked by it</Trans>
          </Text>
          <PairsField
            {...props}
            label={t`Not asked by it`}
            value={others}
            onChange={(next) => {
              const kept = rows.filter((row) => !others.includes(row));
              onChange([...kept, ...(Array.isArray(next) ? next : [])]);
            }}
          />
        </>
      )}
    </div>
  );
}

interface AnswerProps {
  question: Question;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

function Answer({ question, value, onChange }: AnswerProps) {
  const modes: Record<string, "number" | "template"> = {
    number: "number",
    text: "template",
    longtext: "template",
  };
  return (
    <div>
      <Text size="sm" fw={500} mb={4} aria-hidden>
        {question.title}
        {question.required && <span className="field-required">*</span>}
      </Text>
      <PillText
        mode={modes[question.kind] ?? "value"}
        multiline={question.kind === "longtext"}
        label={question.title}
        value={value}
        onChange={onChange}
      />
    </div>
  );
}

/** The questions of the scenario named by the block's field of the kind "scenario"; null while they are not known. */
function useQuestions(): { chosen: boolean; questions: Question[] | null } {
  const { node, types } = useForm();
  const properties = types.get(node.type)?.inputSchema.properties ?? {};
  const field = Object.keys(properties).find((name) => properties[name]?.["x-kind"] === "scenario");
  const id = field === undefined ? undefined : node.params[field];
  const [{ data }] = useQuery({
    query: CalledQuestionsDocument,
    variables: { id: typeof id === "string" ? id : "" },
    pause: typeof id !== "string" || id === "",
    requestPolicy: "cache-and-network",
  });
  const graph = data?.scenario?.id === id ? data?.scenario?.published?.graph : undefined;
  const questions = useMemo(() => {
    if (graph === undefined) return null;
    const starts = normalise(graph).nodes.filter(
      (one) => types.get(one.type)?.start === "manual" && !one.disabled,
    );
    return starts[0] ? questionsOf(starts[0]) : [];
  }, [graph, types]);
  const chosen = id !== undefined && id !== null && id !== "";
  return { chosen, questions };
}
