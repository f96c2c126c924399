// A stage: name, colour, what it means, and what it wants before a record may enter.
import {
  ActionIcon,
  MultiSelect,
  NumberInput,
  Select,
  Textarea,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { currentLocale } from "../../../ui/i18n";
import { named, type TypeShape } from "../model";
import css from "./designer.module.css";
import { ColorChoice } from "./OptionsEditor";
import type { StageDraft } from "./pipelineDraft";

interface Props {
  type: TypeShape;
  stage: StageDraft;
  number: number;
  first: boolean;
  last: boolean;
  onChange: (part: Partial<StageDraft>) => void;
  onMove: (step: number) => void;
  onRemove: () => void;
}

export function StageEditor({ type, stage, number, first, last, onChange, onMove, onRemove }: Props) {
  const { t } = useLingui();
  const locale = currentLocale();
  const [more, setMore] = useState(false);
  const name = named(stage.names, locale);
  return (
    <li className={css.stage}>
      <div className={css.stageLine}>
        <ColorChoice value={stage.color} name={name} onChange={(color) => onChange({ color })} />
        <TextInput
          className={css.stageName ?? ""}
          aria-label={t`Name of stage ${number}`}
          value={stage.names[locale] ?? name}
          autoFocus={name === ""}
          onChange={(event) => onChange({ names: { ...stage.names, [locale]: event.currentTarget.value } })}
        />
        <Select
          className={css.outcome ?? ""}
          aria-label={t`What stage ${number} means`}
          allowDeselect={false}
          data={[
            { value: "OPEN", label: t`under way` },
            { value: "WON", label: t`won` },
            { value: "LOST", label: t`lost` },
          ]}
          value={stage.outcome}
          onChange={(outcome) => onChange({ outcome: outcome ?? "OPEN" })}
        />
        <NumberInput
          className={css.number ?? ""}
          aria-label={t`Probability of stage ${number}, percent`}
          suffix=" %"
          min={0}
          max={100}
          allowDecimal={false}
          value={stage.probability}
          onChange={(value) => onChange({ probability: typeof value === "number" ? value : 0 })}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={first}
          aria-label={t`“${name}” up`}
          onClick={() => onMove(-1)}
        >
          <IconArrowUp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={last}
          aria-label={t`“${name}” down`}
          onClick={() => onMove(1)}
        >
          <IconArrowDown size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={t`Take out “${name}”`} onClick={onRemove}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <UnstyledButton className={css.more} aria-expanded={more} onClick={() => setMore(!more)}>
        <Trans>What it asks for</Trans>
      </UnstyledButton>
      {more && (
        <div className={css.pairs}>
          <MultiSelect
            label={t`Fields to fill before it`}
            data={type.fields
              .filter((one) => !one.computed)
              .map((one) => ({ value: one.key, label: one.name }))}
            value={stage.required}
            onChange={(required) => onChange({ required })}
            searchable
          />
          <Textarea
            label={t`Reasons to end here, one a line`}
            autosize
            minRows={2}
            value={stage.reasons}
            onChange={(event) => onChange({ reasons: event.currentTarget.value })}
          />
        </div>
      )}
    </li>
  );
}
