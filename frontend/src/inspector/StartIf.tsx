// "Start only if": conditions on what a trigger brings; events that do not meet them start nothing.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { outputTree } from "../graph/pills";
import type { Json, NodeJson, NodeType } from "../graph/types";
import { isObject } from "../graph/values";
import { InspectorContext, useForm } from "./context";
import { ConditionsField } from "./kinds/Conditions";

interface StartIfProps {
  node: NodeJson;
  type: NodeType;
  problems: readonly { message: string; fix: string; warning: boolean }[];
  /** What the trigger brought in the last run. */
  seen: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

export function StartIf({ node, type, problems, seen, onChange }: StartIfProps) {
  const { t } = useLingui();
  const form = useForm();
  // A trigger has no earlier steps: what is looked at is its own data.
  const own = useMemo(
    () => ({
      ...form,
      sources: [{ node, type, root: outputTree(node, type, seen) }],
      seen: seen !== undefined,
    }),
    [form, node, type, seen],
  );
  const given = node.settings?.start_if;
  const isSet = isObject(given);
  return (
    <details className="failure" open={isSet || undefined}>
      <summary>
        <Trans>Start only if</Trans>
        {!isSet && (
          <span className="failure-now">
            <Trans>every event starts the scenario</Trans>
          </span>
        )}
      </summary>
      <div className="failure-body">
        <InspectorContext value={own}>
          <ConditionsField
            label={t`Start only if`}
            value={isSet ? given : undefined}
            onChange={(value) => onChange(value)}
          />
        </InspectorContext>
        {problems.map((problem, i) => (
          <div className="field-problems" key={i}>
            <p data-warning={problem.warning}>
              <strong>{problem.message}</strong> {problem.fix}
            </p>
          </div>
        ))}
        <p className="failure-words">
          <Trans>Other events are kept under “What happened”, with the reason, and start nothing.</Trans>
        </p>
        {isSet && !form.readOnly && (
          <Button variant="default" size="xs" onClick={() => onChange(undefined)}>
            <Trans>Remove the condition</Trans>
          </Button>
        )}
      </div>
    </details>
  );
}
