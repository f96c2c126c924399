// One field of the form: label, help, the editor of its kind, and what is wrong with it beside the fix.
import { useId } from "react";
import { Text } from "@mantine/core";
import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import type { FormField } from "../graph/form";
import type { Json } from "../graph/types";
import { isDynamic, isFormula } from "../graph/values";
import { CasesField, ConditionsField } from "./kinds/Conditions";
import {
  BooleanField,
  ChoiceField,
  ChoicesField,
  DateTimeField,
  DurationField,
  JsonField,
  SecretField,
  TimezoneField,
} from "./kinds/Plain";
import { AnswersField, CodeField, OptionsField } from "./kinds/later";
import { EmailsField, FormField as QuestionsField, PairsField } from "./kinds/Rows";
import { ScheduleField } from "./kinds/Schedule";
import { PillText } from "./PillText";

export interface FieldProblem {
  message: string;
  fix: string;
  warning: boolean;
}

interface Props {
  field: FormField;
  value: Json | undefined;
  problems: FieldProblem[];
  onChange: (value: Json | undefined) => void;
}

export function Field({ field, value, problems, onChange }: Props) {
  const { i18n } = useLingui();
  const id = useId();
  const own = quickProblem(field, value, i18n);
  const shown = problems.length > 0 ? problems : own ? [own] : [];
  const describedBy = [field.schema.description ? `${id}-help` : "", shown.length > 0 ? `${id}-problem` : ""]
    .filter(Boolean)
    .join(" ");
  return (
    <div className="field" data-field={field.name}>
      <label className="field-label" htmlFor={id}>
        {field.title}
        {field.required && (
          <span className="field-required" aria-hidden>
            *
          </span>
        )}
      </label>
      <Editor
        field={field}
        value={value}
        onChange={onChange}
        id={id}
        describedBy={describedBy === "" ? undefined : describedBy}
        invalid={shown.some((problem) => !problem.warning)}
      />
      {field.schema.description && (
        <Text size="xs" c="dimmed" mt={4} id={`${id}-help`}>
          {field.schema.description}
        </Text>
      )}
      {shown.length > 0 && (
        <div className="field-problems" id={`${id}-problem`}>
          {shown.map((problem, i) => (
            <p key={i} data-warning={problem.warning}>
              <strong>{problem.message}</strong> {problem.fix}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

interface EditorProps {
  field: FormField;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
}

function Editor({ field, value, onChange, id, describedBy, invalid }: EditorProps) {
  const { schema, kind, title } = field;
  const placeholder = schema["x-placeholder"];
  const common = { id, label: title, value, onChange, describedBy, invalid, placeholder, schema };
  const whole = { ...common, setting: field.name };
  if (schema["x-options"] === true) return <OptionsField {...common} name={field.name} kind={kind} />;
  if (isFormula(value)) return <PillText {...whole} mode={MODES[kind] ?? "value"} />;
  switch (kind) {
    case "answers":
      return <AnswersField {...common} />;
    case "code":
      return <CodeField {...common} />;
    case "conditions":
      return <ConditionsField {...common} />;
    case "cases":
      return <CasesField {...common} />;
    case "pairs":
      return <PairsField {...common} />;
    case "form":
      return <QuestionsField {...common} />;
    case "emails":
      return <EmailsField {...common} />;
    case "schedule":
      return <ScheduleField {...common} />;
    case "duration":
      return <DurationField {...common} />;
    case "datetime":
      return <DateTimeField {...common} />;
    case "timezone":
      return <TimezoneField {...common} />;
    case "boolean":
      return <BooleanField {...common} />;
    case "choice":
      return <ChoiceField {...common} />;
    case "choices":
      return <ChoicesField {...common} />;
    case "secret":
      return <SecretField {...common} />;
    case "json":
      return <JsonField {...common} />;
    case "number":
      return <PillText {...whole} mode="number" value={value ?? schema.default} />;
    case "template":
    case "longtext":
      return <PillText {...whole} mode="template" multiline />;
    default: // text, email, url, and kinds of newer plugins: words and pills
      return <PillText {...whole} mode="template" />;
  }
}

/** How the words of a field that is a formula now are read when it is words again. */
const MODES: Record<string, "template" | "number"> = {
  number: "number",
  boolean: "number",
  choice: "number",
  template: "template",
  longtext: "template",
  text: "template",
  email: "template",
  url: "template",
};

const NOT_A_NUMBER = {
  message: msg`This is not a number.`,
  fix: msg`Write digits, or pick data that holds a number.`,
};

/** What can be seen without asking the server, so that it shows while typing. */
function quickProblem(field: FormField, value: Json | undefined, i18n: I18n): FieldProblem | null {
  if (value === undefined || value === null || value === "" || isDynamic(value)) return null;
  if (field.kind !== "number") return null;
  const say = (message: MessageDescriptor, fix: MessageDescriptor): FieldProblem => ({
    message: i18n._(message),
    fix: i18n._(fix),
    warning: false,
  });
  if (typeof value !== "number") return say(NOT_A_NUMBER.message, NOT_A_NUMBER.fix);
  const { minimum, maximum } = field.schema;
  if (minimum !== undefined && value < minimum) return say(msg`Too small.`, msg`The least is ${minimum}.`);
  if (maximum !== undefined && value > maximum) return say(msg`Too large.`, msg`The most is ${maximum}.`);
  return null;
}
