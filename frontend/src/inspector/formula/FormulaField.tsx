// A setting of a step as a formula: the editor, fed with the data of earlier steps, and the way back to words.
import { useCallback, useMemo } from "react";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLetterT } from "@tabler/icons-react";
import { useLingui } from "@lingui/react/macro";
import { pillLabel } from "../../graph/pills";
import type { Json, RefPath } from "../../graph/types";
import { type FieldProps, useForm } from "../context";
import { PillPicker } from "../PillPicker";
import { FormulaEditor } from "./FormulaEditor";
import { placeOf } from "./useHelp";

interface FormulaFieldProps extends Omit<FieldProps<Json | undefined>, "onChange"> {
  text: string;
  onText: (text: string) => void;
  /** Back to words and pills. */
  onWords: () => void;
  focus: boolean;
}

export function FormulaField(props: FormulaFieldProps) {
  const { label, text, setting, onText, onWords } = props;
  const { t } = useLingui();
  const form = useForm();
  const { graph, types } = form;
  const words = useCallback((path: RefPath) => pillLabel(path, graph, types), [graph, types]);
  const place = useMemo(() => placeOf(form, setting), [form, setting]);
  return (
    <FormulaEditor
      label={label}
      text={text}
      onText={onText}
      place={place}
      words={words}
      picker={(onPick, onClose) => <PillPicker onPick={onPick} onClose={onClose} />}
      tools={
        <Tooltip label={t`Write words instead of a formula`}>
          <ActionIcon variant="subtle" size="sm" aria-label={t`Use words: ${label}`} onClick={onWords}>
            <IconLetterT size={16} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      }
      readOnly={form.readOnly}
      focus={props.focus}
      id={props.id}
      describedBy={props.describedBy}
      invalid={props.invalid}
      onBlur={form.onBlur}
    />
  );
}
