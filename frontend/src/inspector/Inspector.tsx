// The settings of one step: a form from its type's JSON Schema, with the data of earlier steps at hand.
import { type ReactNode, useMemo } from "react";
import { Text } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Commands } from "../graph/commands";
import { fieldsOf, isShown } from "../graph/form";
import { pillSources } from "../graph/pills";
import type { GraphJson, Json, NodeJson, Types } from "../graph/types";
import { Failure } from "./Failure";
import { StepLimits } from "./StepLimits";
import { Field, type FieldProblem } from "./Field";
import { InspectorContext } from "./context";
import { StartIf } from "./kinds/later";
import "./inspector.css";

export interface NodeProblem extends FieldProblem {
  nodeId: string | null;
  path: string[];
}

interface InspectorProps {
  node: NodeJson;
  graph: GraphJson;
  types: Types;
  commands: Commands;
  problems: NodeProblem[];
  /** Outputs of the last run by step id. */
  seen: ReadonlyMap<string, Json>;
  readOnly: boolean;
  scenarioId?: string;
  /** What stands above the form: the address of a webhook, say. */
  children?: ReactNode;
}

export function Inspector({
  node,
  graph,
  types,
  commands,
  problems,
  seen,
  readOnly,
  scenarioId,
  children,
}: InspectorProps) {
  const { t } = useLingui();
  const type = types.get(node.type);
  const form = useMemo(
    () => ({
      node,
      graph,
      types,
      sources: pillSources(graph, types, node.id, seen),
      seen: seen.size > 0,
      readOnly,
      scenarioId,
      onBlur: () => commands.doc.history.endTyping(),
    }),
    [graph, types, node, seen, readOnly, scenarioId, commands],
  );
  const fields = useMemo(() => (type ? fieldsOf(type.inputSchema) : []), [type]);
  const missing = node.type;
  if (!type) {
    return (
      <Text size="sm">
        <Trans>
          No plugin provides the node type {missing} now. Its settings are kept; install or mend the plugin,
          or replace the step.
        </Trans>
      </Text>
    );
  }
  const shown = fields.filter((field) => isShown(field, node.params, type.inputSchema));
  const startProblems = problems.filter(({ path }) => path[0] === "settings" && path[1] === "start_if");
  const general = problems.filter(
    (problem) => !startProblems.includes(problem) && !shown.some((field) => concerns(problem, field.name)),
  );
  return (
    <InspectorContext value={form}>
      <section className="inspector-form" aria-label={t`Settings`}>
        {children}
        {general.map((problem, i) => (
          <div className="field-problems" key={i}>
            <p data-warning={problem.warning}>
              <strong>{problem.message}</strong> {problem.fix}
            </p>
          </div>
        ))}
        {shown.map((field) => (
          <Field
            // A fresh form per step: what was typed into one never shows in another.
            key={`${node.id}.${field.name}`}
            field={field}
            value={node.params[field.name]}
            problems={problems.filter((problem) => concerns(problem, field.name) && !isShownThere(problem))}
            onChange={(value) => commands.setParam(node.id, field.name, value)}
          />
        ))}
        {shown.length === 0 && (
          <Text size="sm" c="dimmed">
            <Trans>This step has nothing to set.</Trans>
          </Text>
        )}
        {type.kind === "TRIGGER" && (
          <StartIf
            key={`${node.id}?`}
            node={node}
            type={type}
            problems={startProblems}
            seen={seen.get(node.id)}
            onChange={(value) => commands.setSetting(node.id, "start_if", value)}
          />
        )}
        <Failure
          key={`${node.id}!`}
          node={node}
          type={type}
          onChange={(key, value) => commands.setSetting(node.id, key, value)}
        />
        <StepLimits
          key={`${node.id}#`}
          node={node}
          type={type}
          onChange={(key, value) => commands.setSetting(node.id, key, value)}
        />
      </section>
    </InspectorContext>
  );
}

/** A formula shows itself what is wrong with it, at the very characters. */
function isShownThere({ path }: NodeProblem): boolean {
  return path.at(-1) === "$formula" && !path.includes("$text");
}

function concerns(problem: NodeProblem, name: string): boolean {
  return problem.path[0] === "params" ? problem.path[1] === name : problem.path[0] === name;
}
