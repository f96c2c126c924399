// One cell: the value, its editor while it is changed, and what was refused.
import { useLingui } from "@lingui/react/macro";
import { IconAlertTriangle } from "@tabler/icons-react";
import { memo } from "react";
import { Link } from "react-router";
import { InlineEditor, type Leave } from "../fields/InlineEditor";
import type { Telling } from "../fields/format";
import { Value } from "../fields/Value";
import { wrongOf, type Field, isEmpty, isNumber, type Row, valueOf } from "../model";
import css from "./table.module.css";
import { markOf, type useCells } from "./useCells";

/** A telephone number is not called by a click that meant to change it. */
const followed = new Set(["relation", "link"]);

interface Props {
  /** "row:column", for moving by keyboard. */
  place: string;
  row: Row;
  field: Field;
  telling: Telling;
  /** Names the record: a link to its card. */
  title: boolean;
  active: boolean;
  editable: boolean;
  cells: ReturnType<typeof useCells>;
  onFocus: () => void;
  onEdit: () => void;
  onLeave: (how: Leave) => void;
  onBack: () => void;
}

export const Cell = memo(function Cell(props: Props) {
  const { t } = useLingui();
  const { row, field, telling, cells, editable, active } = props;
  const draft = cells.drafts.get(markOf(row.id, field.key));
  const editing = cells.editing?.id === row.id && cells.editing.key === field.key;
  const value = draft ? draft.value : valueOf(row, field.key);
  const wrong = wrongOf(row)[field.key];
  const shown = <Value field={field} value={value} telling={telling} links={followed.has(field.shownAs)} />;
  return (
    <td
      // The grid walks over its cells: they take the focus, and a click on the one that has it edits.

      role="gridcell"
      className={css.cell}
      data-cell={props.place}
      data-number={(isNumber(field) && !editing) || undefined}
      data-wrong={draft?.error !== undefined || undefined}
      data-editing={editing || undefined}
      tabIndex={active && !editing ? 0 : -1}
      aria-readonly={!editable}
      onFocus={props.onFocus}
      onDoubleClick={props.onEdit}
      onClick={(event) => {
        if (active && event.target === event.currentTarget.ownerDocument.activeElement && !editing)
          props.onEdit();
      }}
    >
      {editing ? (
        <InlineEditor
          field={field}
          start={value}
          titles={telling.titles}
          onKeep={(next, how) => {
            cells.keep(row, field, next);
            if (how === "stay") props.onBack();
            else props.onLeave(how);
          }}
          onGiveUp={() => {
            cells.giveUp({ id: row.id, key: field.key });
            props.onBack();
          }}
          {...(draft?.error !== undefined && { error: draft.error })}
        />
      ) : props.title ? (
        <Link className={css.title} tabIndex={-1} to={`/records/${row.type}/${row.id}`}>
          {!isEmpty(value) ? shown : row.title || t`Untitled`}
        </Link>
      ) : wrong !== undefined ? (
        <span className={css.wrong} title={wrong}>
          <IconAlertTriangle size={16} aria-hidden />
          <span>{t`no value`}</span>
        </span>
      ) : (
        shown
      )}
      {draft?.error !== undefined && !editing && (
        <span className={css.refused} title={draft.error} aria-label={draft.error} role="img" />
      )}
    </td>
  );
});
