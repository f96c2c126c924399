// Builds the filter of a list: field, comparison, value; all rules or any of them.
import { ActionIcon, Button, SegmentedControl, Select } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlus, IconX } from "@tabler/icons-react";
import { ValueInput } from "../fields/ValueInput";
import type { Field } from "../model";
import { comparedAs, type Filter, needsValue, operatorsOf, type Rule, ruleOn } from "./filters";
import css from "./table.module.css";

interface Props {
  fields: readonly Field[];
  filter: Filter;
  onChange: (filter: Filter) => void;
}

export function FilterBar({ fields, filter, onChange }: Props) {
  const { t } = useLingui();
  const possible = fields.filter((one) => operatorsOf(one).length > 0);
  const set = (at: number, rule: Rule) =>
    onChange({ ...filter, rules: filter.rules.map((one, index) => (index === at ? rule : one)) });
  const [first] = possible;
  return (
    <section className={css.filter} aria-label={t`Filter`}>
      {filter.rules.map((rule, at) => (
        <RuleRow
          key={at}
          fields={possible}
          rule={rule}
          onChange={(next) => set(at, next)}
          onRemove={() => onChange({ ...filter, rules: filter.rules.filter((_, index) => index !== at) })}
        />
      ))}
      <div className={css.filterFoot}>
        {first && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange({ ...filter, rules: [...filter.rules, ruleOn(first)] })}
          >
            <Trans>Add a rule</Trans>
          </Button>
        )}
        {filter.rules.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t`Which rules must hold`}
            value={filter.match}
            onChange={(match) => onChange({ ...filter, match: match === "any" ? "any" : "all" })}
            data={[
              { value: "all", label: t`all hold` },
              { value: "any", label: t`any holds` },
            ]}
          />
        )}
      </div>
    </section>
  );
}

interface RowProps {
  fields: readonly Field[];
  rule: Rule;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}

function RuleRow({ fields, rule, onChange, onRemove }: RowProps) {
  const { t } = useLingui();
  const words = useOperatorWords();
  const field = fields.find((one) => one.key === rule.field);
  const choose = (key: string | null) => {
    const found = fields.find((one) => one.key === key);
    if (found) onChange(ruleOn(found));
  };
  return (
    <div className={css.rule}>
      <Select
        aria-label={t`Field`}
        size="xs"
        searchable
        allowDeselect={false}
        data={fields.map((one) => ({ value: one.key, label: one.name }))}
        value={rule.field}
        onChange={choose}
      />
      {field && (
        <Select
          aria-label={t`Comparison`}
          size="xs"
          allowDeselect={false}
          data={operatorsOf(field).map((one) => ({ value: one, label: words(one, field.shownAs) }))}
          value={rule.op}
          onChange={(op) =>
            op !== null && onChange({ ...rule, op, value: needsValue(op) ? rule.value : null })
          }
        />
      )}
      <div>
        {field && needsValue(rule.op) && (
          <ValueInput
            key={field.key + rule.op}
            field={comparedAs(field, rule.op)}
            value={rule.value}
            onChange={(value) => onChange({ ...rule, value })}
            label={t`Value`}
            inCell="quiet"
          />
        )}
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Remove the rule`} onClick={onRemove}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}

/** Comparisons in words; of dates they are before and after. */
export function useOperatorWords(): (op: string, kind: string) => string {
  const { t } = useLingui();
  const words: Record<string, string> = {
    eq: t`is`,
    ne: t`is not`,
    gt: t`more than`,
    gte: t`at least`,
    lt: t`less than`,
    lte: t`at most`,
    contains: t`contains`,
    not_contains: t`does not contain`,
    starts_with: t`starts with`,
    ends_with: t`ends with`,
    is_empty: t`is empty`,
    is_not_empty: t`is filled`,
    is_true: t`is yes`,
    is_false: t`is no`,
  };
  const timed: Record<string, string> = {
    gt: t`after`,
    gte: t`on or after`,
    lt: t`before`,
    lte: t`on or before`,
  };
  return (op, kind) => (kind === "date" || kind === "datetime" ? timed[op] : undefined) ?? words[op] ?? op;
}
