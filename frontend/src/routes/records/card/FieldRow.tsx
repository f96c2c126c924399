// A field on the card: its name, its value, and the editor in the value's place.
import { UnstyledButton } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { IconAlertTriangle, IconPencil } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Telling } from "../fields/format";
import { InlineEditor } from "../fields/InlineEditor";
import { Value } from "../fields/Value";
import { wrongOf, type Field, isEmpty, type Row, valueOf } from "../model";
import { markOf, type useCells } from "../table/useCells";
import css from "./card.module.css";

interface Props {
  field: Field;
  row: Row;
  telling: Telling;
  cells: ReturnType<typeof useCells>;
  editable: boolean;
}

export function FieldRow({ field, row, telling, cells, editable }: Props) {
  const { t } = useLingui();
  const draft = cells.drafts.get(markOf(row.id, field.key));
  const editing = cells.editing?.key === field.key;
  const value = draft ? draft.value : valueOf(row, field.key);
  const wrong = wrongOf(row)[field.key];
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  // Back to where one was, unless something else was chosen meanwhile.
  useEffect(() => {
    if (was.current && !editing && document.activeElement === document.body) button.current?.focus();
    was.current = editing;
  }, [editing]);
  const edit = () => cells.edit({ id: row.id, key: field.key });
  return (
    <div className={css.field}>
      <dt title={field.help || undefined}>{field.name}</dt>
      <dd>
        {editing ? (
          <InlineEditor
            field={field}
            start={value}
            titles={telling.titles}
            onKeep={(next) => cells.keep(row, field, next)}
            onGiveUp={() => cells.giveUp({ id: row.id, key: field.key })}
            {...(draft?.error !== undefined && { error: draft.error })}
          />
        ) : (
          // The whole place may be pressed; the button is for the keyboard.
          // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/no-static-element-interactions
          <div
            className={css.value}
            data-editable={editable || undefined}
            data-wrong={draft?.error !== undefined || undefined}
            onClick={(event) => {
              if (editable && !(event.target as Element).closest("a, button")) edit();
            }}
          >
            {wrong !== undefined ? (
              <span className={css.wrong}>
                <IconAlertTriangle size={16} aria-hidden />
                {wrong}
              </span>
            ) : isEmpty(value) ? (
              <span className={css.none}>—</span>
            ) : (
              <Value field={field} value={value} telling={telling} links />
            )}
            {editable && (
              <UnstyledButton
                ref={button}
                className={css.pencil}
                aria-label={t`Change “${{ name: field.name }}”`}
                onClick={edit}
              >
                <IconPencil size={15} aria-hidden />
              </UnstyledButton>
            )}
          </div>
        )}
        {draft?.error !== undefined && !editing && (
          <p role="alert" className={css.refused}>
            {draft.error}
          </p>
        )}
      </dd>
    </div>
  );
}
