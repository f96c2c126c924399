// Conditions in words: rules joined by "and" / "or", groups inside groups; and the paths of a switch.
import { NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { isOperator, OPERATORS, UNARY } from "../../catalog/words";
import type { Json, JsonObject } from "../../graph/types";
import { asText, isObject } from "../../graph/values";
import { type FieldProps, useForm } from "../context";
import { PillText } from "../PillText";
import { AddRow, moved, RemoveRow, RowTools } from "./Rows";

type ConditionsProps = FieldProps<Json | undefined> & { depth?: number };

const NEW_RULE: JsonObject = { left: "", op: "eq", right: "" };
const DEEPEST = 3;

export function ConditionsField({ label, value, onChange, describedBy, depth = 0 }: ConditionsProps) {
  const { t } = useLingui();
  const { readOnly } = useForm();
  const match = isObject(value) && value.match === "any" ? "any" : "all";
  const given = isObject(value) && Array.isArray(value.rules) ? value.rules.filter(isObject) : [];
  const rules = given.length === 0 && !readOnly ? [NEW_RULE] : given;
  const write = (next: JsonObject[], how: string = match) => onChange({ match: how, rules: next });
  return (
    <div
      className="conditions"
      data-depth={depth}
      role="group"
      aria-label={label}
      aria-describedby={describedBy}
    >
      {rules.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={t`How the conditions join`}
          disabled={readOnly}
          value={match}
          onChange={(how) => write(rules, how)}
          data={[
            { value: "all", label: t`All must be true` },
            { value: "any", label: t`Any is enough` },
          ]}
        />
      )}
      {rules.map((rule, i) => (
        <div key={i}>
          {i > 0 && (
            <div className="rule-joint">
              {match === "any" ? (
                <Trans context="condition">or</Trans>
              ) : (
                <Trans context="condition">and</Trans>
              )}
            </div>
          )}
          {Array.isArray(rule.rules) ? (
            <div className="rule-group">
              <ConditionsField
                label={t`Group ${{ number: i + 1 }}`}
                value={rule}
                depth={depth + 1}
                onChange={(next) => write(rules.map((one, at) => (at === i && isObject(next) ? next : one)))}
              />
              <RemoveRow
                label={t`Remove group ${{ number: i + 1 }}`}
                onClick={() => write(rules.filter((_, at) => at !== i))}
              />
            </div>
          ) : (
            <RuleRow
              rule={rule}
              index={i}
              only={rules.length === 1}
              onChange={(next) => write(rules.map((one, at) => (at === i ? next : one)))}
              onRemove={() => write(rules.filter((_, at) => at !== i))}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <div className="add-rows">
          <AddRow onClick={() => write([...rules, NEW_RULE])}>
            <Trans>Add a condition</Trans>
          </AddRow>
          {depth < DEEPEST && (
            <AddRow
              onClick={() => write([...rules, { match: match === "all" ? "any" : "all", rules: [NEW_RULE] }])}
            >
              <Trans>Add a group</Trans>
            </AddRow>
          )}
        </div>
      )}
    </div>
  );
}

interface RuleRowProps {
  rule: JsonObject;
  index: number;
  only: boolean;
  onChange: (rule: JsonObject) => void;
  onRemove: () => void;
}

function RuleRow({ rule, index, only, onChange, onRemove }: RuleRowProps) {
  const { t, i18n } = useLingui();
  const { readOnly } = useForm();
  const op = isOperator(rule.op) ? rule.op : "eq";
  const changeOp = (next: string) => {
    if (!isOperator(next)) return;
    const { right, ...rest } = rule;
    onChange(UNARY.has(next) ? { ...rest, op: next } : { ...rest, op: next, right: right ?? "" });
  };
  return (
    <div className="rule">
      <div className="field-row">
        <div className="field-grow">
          <PillText
            mode="value"
            eager
            label={t`Condition ${{ number: index + 1 }}: what is checked`}
            placeholder={t`Choose data…`}
            value={rule.left}
            onChange={(left) => onChange({ ...rule, left: left ?? "" })}
          />
        </div>
        {!only && <RemoveRow label={t`Remove condition ${{ number: index + 1 }}`} onClick={onRemove} />}
      </div>
      <div className="rule-test">
        <NativeSelect
          aria-label={t`Condition ${{ number: index + 1 }}: how`}
          disabled={readOnly}
          value={op}
          data={Object.entries(OPERATORS).map(([id, words]) => ({ value: id, label: i18n._(words) }))}
          onChange={(event) => changeOp(event.currentTarget.value)}
        />
        {!UNARY.has(op) && (
          <div className="field-grow">
            <PillText
              mode="value"
              label={t`Condition ${{ number: index + 1 }}: compared with`}
              placeholder={op === "in" ? t`one, two, three` : t`Value or data`}
              value={rule.right}
              onChange={(right) => onChange({ ...rule, right: right ?? "" })}
            />
          </div>
        )}
      </div>
    </div>
  );
}

export function CasesField({ label, value, onChange, describedBy }: FieldProps<Json | undefined>) {
  const { t } = useLingui();
  const { readOnly, onBlur } = useForm();
  const cases = (Array.isArray(value) ? value : []).filter(isObject);
  const set = (i: number, part: JsonObject) =>
    onChange(cases.map((one, at) => (at === i ? { ...one, ...part } : one)));
  return (
    <div className="field-stack" role="group" aria-label={label} aria-describedby={describedBy}>
      {cases.map((one, i) => (
        <div className="case" key={asText(one.id)}>
          <div className="field-row">
            <TextInput
              className="field-grow"
              aria-label={t`Name of path ${{ number: i + 1 }}`}
              placeholder={t`Path ${{ number: i + 1 }}`}
              disabled={readOnly}
              value={asText(one.title)}
              onChange={(event) => set(i, { title: event.currentTarget.value })}
              onBlur={onBlur}
            />
            {!readOnly && (
              <RowTools
                index={i}
                count={cases.length}
                onMove={(to) => onChange(moved(cases, i, to))}
                onRemove={() => onChange(cases.filter((_, at) => at !== i))}
              />
            )}
          </div>
          <ConditionsField
            label={t`When path ${{ number: i + 1 }} is taken`}
            value={one.when}
            onChange={(when) => set(i, { when: when ?? null })}
          />
        </div>
      ))}
      {!readOnly && (
        <AddRow
          onClick={() =>
            onChange([...cases, { id: freshId(cases), title: "", when: { match: "all", rules: [] } }])
          }
        >
          <Trans>Add a path</Trans>
        </AddRow>
      )}
    </div>
  );
}

/** Wires hold the id, so it never depends on the title or the place in the list. */
function freshId(cases: JsonObject[]): string {
  const taken = new Set(cases.map((one) => one.id));
  let number = cases.length + 1;
  while (taken.has(`c${number}`)) number++;
  return `c${number}`;
}
