// One list of records: rows as they are scrolled to, sums below, and what can be done with the selected ones.
import { Button } from "@mantine/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useMay } from "../../../api/session";
import { Failed, Waiting } from "../../../ui/Parts";
import type { Field, Row, TypeShape } from "../model";
import { useTrash } from "../useTrash";
import { Grid } from "./Grid";
import css from "./table.module.css";
import type { Views } from "./Toolbar";
import { useRows } from "./useRows";
import { useSums } from "./useSums";

interface Props {
  type: TypeShape;
  columns: readonly Field[];
  filter: unknown;
  search: string;
  trash: boolean;
  views: Views;
  empty: ReactNode;
  made: Row | null;
  /** Grey lines while the first page is on its way. */
  lines?: number;
  /** In a group the sums stand in its heading. */
  noSums?: boolean;
}

const nobody: ReadonlySet<string> = new Set();

export function List({
  type,
  columns,
  filter,
  search,
  trash,
  views,
  empty,
  made,
  noSums = false,
  lines = 8,
}: Props) {
  const { t } = useLingui();
  const works = useMay("work");
  const { sort } = views.view;
  const wish = useMemo(
    () => ({ type: type.key, filter, search, trash, sort: sort ? [sort] : null }),
    [type.key, filter, search, trash, sort],
  );
  const list = useRows(wish);
  const { add } = list;
  useEffect(() => {
    if (made) add(made);
  }, [made, add]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(nobody);
  const chosen = useMemo(
    () => list.rows.filter((row) => selected.has(row.id)).map((row) => row.id),
    [list, selected],
  );
  const sums = useSums(type.key, columns, filter, search, trash || noSums, list.rows);
  const move = useTrash(type.key, () => {
    list.refresh();
    setSelected(nobody);
  });

  if (list.error && list.rows.length === 0) return <Failed error={list.error} again={list.refresh} />;
  if (!list.fresh && list.rows.length === 0)
    return <Waiting what={t`Loading records…`} lines={noSums ? 2 : lines} />;
  if (list.fresh && list.rows.length === 0) return <>{empty}</>;
  return (
    <>
      <Grid
        type={type}
        columns={columns}
        list={list}
        views={views}
        editable={works && !trash}
        selected={selected}
        onSelect={works ? setSelected : undefined}
        sums={sums}
      />
      {chosen.length > 0 && (
        <div className={css.selection} role="status">
          <span>
            <Plural value={chosen.length} one="# record is selected" other="# records are selected" />
          </span>
          {trash ? (
            <Button size="compact-sm" onClick={() => void move.back(chosen)}>
              <Trans>Put back</Trans>
            </Button>
          ) : (
            <Button
              size="compact-sm"
              color="red"
              onClick={() => {
                list.take(selected);
                void move.away(chosen);
              }}
            >
              <Trans>Delete</Trans>
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => setSelected(nobody)}>
            <Trans>Clear</Trans>
          </Button>
        </div>
      )}
    </>
  );
}
