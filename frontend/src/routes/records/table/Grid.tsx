// The grid: only the rows in sight are drawn. Arrows move, Enter opens or edits, F2 edits, Space selects.
import { Checkbox, VisuallyHidden } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useCallback, useLayoutEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { tellSum } from "../fields/format";
import type { Leave } from "../fields/InlineEditor";
import { useTelling } from "../fields/useTelling";
import { canEdit, type Field, isNumber, type TypeShape } from "../model";
import { Cell } from "./Cell";
import { HeadCell, widthOf } from "./HeadCell";
import type { Sums } from "./useSums";
import css from "./table.module.css";
import type { Views } from "./Toolbar";
import { useCells } from "./useCells";
import type { Rows } from "./useRows";
import { useWindow } from "./useWindow";

interface Props {
  type: TypeShape;
  columns: readonly Field[];
  list: Rows;
  views: Views;
  editable: boolean;
  selected: ReadonlySet<string>;
  onSelect: ((selected: ReadonlySet<string>) => void) | undefined;
  sums: Sums | null;
}

interface At {
  row: number;
  col: number;
}

export function Grid({ type, columns, list, views, editable, selected, onSelect, sums }: Props) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const telling = useTelling(list.rows);
  const cells = useCells(list);
  const frame = useRef<HTMLDivElement>(null);
  const { rows } = list;
  const view = useWindow(frame, rows.length, list.loadMore);
  const [at, setAt] = useState<At>({ row: 0, col: 0 });
  const wantsFocus = useRef(false);

  useLayoutEffect(() => {
    if (!wantsFocus.current || cells.editing) return;
    const cell = frame.current?.querySelector<HTMLElement>(`[data-cell="${at.row}:${at.col}"]`);
    if (!cell) return;
    wantsFocus.current = false;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  const go = useCallback(
    (row: number, col: number) => {
      const next = { row: clamp(row, rows.length), col: clamp(col, columns.length) };
      wantsFocus.current = true;
      setAt(next);
      view.reveal(next.row);
    },
    [rows.length, columns.length, view],
  );

  const edit = ({ row, col }: At) => {
    const record = rows[row];
    const field = columns[col];
    if (editable && record && field && canEdit(field)) cells.edit({ id: record.id, key: field.key });
  };
  const leave = (from: At, how: Leave) => {
    if (how === "down") go(from.row + 1, from.col);
    else if (how === "next") go(from.row, from.col + 1);
    else if (how === "before") go(from.row, from.col - 1);
  };
  const toggle = (id: string) => {
    if (!onSelect) return;
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const onKeys = (event: KeyboardEvent) => {
    if (!(event.target as HTMLElement).matches("[data-cell]")) return;
    const steps: Record<string, [number, number]> = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [10, 0],
      PageUp: [-10, 0],
      Home: [0, -at.col],
      End: [0, columns.length],
    };
    const step = steps[event.key];
    const record = rows[at.row];
    if (step) go(at.row + step[0], at.col + step[1]);
    else if (event.key === "F2") edit(at);
    else if (event.key === "Enter" && record) {
      if (columns[at.col]?.key === type.titleField) void navigate(`/records/${type.key}/${record.id}`);
      else edit(at);
    } else if (event.key === " " && record) toggle(record.id);
    else return;
    event.preventDefault();
  };

  const total = sums?.count ?? 0;
  const all = rows.length > 0 && rows.every((row) => selected.has(row.id));
  return (
    <div className={css.frame} ref={frame} onScroll={view.onScroll} data-stale={list.loading || undefined}>
      <table
        // A grid is a table one can walk in; the rule knows only tables to be read.
        // eslint-disable-next-line jsx-a11y-x/no-noninteractive-element-to-interactive-role
        role="grid"
        className={css.grid}
        aria-rowcount={sums ? sums.count + 1 : -1}
        aria-label={type.plural}
        aria-busy={list.loading}
        onKeyDown={onKeys}
      >
        <colgroup>
          {onSelect && <col style={{ width: 44 }} />}
          {columns.map((field) => (
            <col key={field.key} style={{ width: widthOf(field, views.view) }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {onSelect && (
              <th scope="col" className={css.check}>
                <Checkbox
                  size="xs"
                  aria-label={t`Select all that are shown`}
                  checked={all}
                  indeterminate={!all && selected.size > 0}
                  onChange={() => onSelect(all ? new Set() : new Set(rows.map((row) => row.id)))}
                />
              </th>
            )}
            {columns.map((field) => (
              <HeadCell key={field.key} field={field} views={views} />
            ))}
          </tr>
        </thead>
        <tbody>
          {view.before > 0 && <Spacer height={view.before} />}
          {rows.slice(view.first, view.last).map((row, index) => {
            const number = view.first + index;
            return (
              <tr
                key={row.id}
                aria-rowindex={number + 2}
                aria-selected={selected.has(row.id)}
                className={css.row}
              >
                {onSelect && (
                  <td className={css.check}>
                    <Checkbox
                      size="xs"
                      tabIndex={-1}
                      aria-label={t`Select “${{ title: row.title }}”`}
                      checked={selected.has(row.id)}
                      onChange={() => toggle(row.id)}
                    />
                  </td>
                )}
                {columns.map((field, col) => (
                  <Cell
                    key={field.key}
                    place={`${number}:${col}`}
                    row={row}
                    field={field}
                    telling={telling}
                    title={field.key === type.titleField}
                    active={at.row === number && at.col === col}
                    cells={cells}
                    onFocus={() => setAt({ row: number, col })}
                    onEdit={() => edit({ row: number, col })}
                    onLeave={(how) => leave({ row: number, col }, how)}
                    onBack={() => go(number, col)}
                    editable={editable && canEdit(field)}
                  />
                ))}
              </tr>
            );
          })}
          {view.after > 0 && <Spacer height={view.after} />}
        </tbody>
        {sums && (
          <tfoot>
            <tr>
              {onSelect && <td />}
              {columns.map((field, col) => (
                <td key={field.key} data-number={isNumber(field) || undefined}>
                  {col === 0 && <Trans>Total: {total}</Trans>}
                  {col > 0 && field.summed && sums.sums[field.key] !== undefined && (
                    <>
                      <VisuallyHidden>{t`Sum`} </VisuallyHidden>
                      {tellSum(field, sums.sums[field.key] ?? "0", telling.locale)}
                    </>
                  )}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td />
    </tr>
  );
}

const clamp = (place: number, count: number) => Math.max(0, Math.min(place, count - 1));
