// A stage on the board: its count and sum, its cards as one scrolls to them.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useMemo, useRef } from "react";
import { useNavigate } from "react-router";
import { isEmpty, type Field, type Row, type Stage, type TypeShape, valueOf } from "../model";
import { tell, tellSum } from "../fields/format";
import { useTelling } from "../fields/useTelling";
import { Chip } from "../fields/Value";
import { useRows } from "../table/useRows";
import css from "./board.module.css";
import { cardsOf, type Moved } from "./moves";
import type { Drag } from "./useDrag";

interface Props {
  type: TypeShape;
  stage: Stage;
  sumField: Field | undefined;
  group: { count: number; sums: unknown } | null;
  moves: ReadonlyMap<string, Moved>;
  made: Row | null;
  drag: Drag | null;
}

const pageSize = 30;

export function Column({ type, stage, sumField, group, moves, made, drag }: Props) {
  const { t } = useLingui();
  const wish = useMemo(
    () => ({
      type: type.key,
      filter: { match: "all", rules: [{ field: "stage", op: "eq", value: stage.id }] },
      search: "",
      trash: false,
      sort: null,
    }),
    [type.key, stage.id],
  );
  const list = useRows(wish, pageSize);
  const { add } = list;
  useEffect(() => {
    if (made && valueOf(made, "stage") === stage.id) add(made);
  }, [made, add, stage.id]);
  const cards = useMemo(() => cardsOf(stage.id, list.rows, moves), [stage.id, list.rows, moves]);
  const telling = useTelling(cards);
  const body = useRef<HTMLUListElement>(null);
  const at = drag?.stages.indexOf(stage) ?? -1;
  const over = drag?.lifted?.over === at && at >= 0;
  const onScroll = () => {
    const element = body.current;
    if (element && element.scrollTop + element.clientHeight > element.scrollHeight - 200) list.loadMore();
  };
  const sum = sumField && group ? ((group.sums as Record<string, string>)[sumField.key] ?? "0") : null;
  return (
    <section className={css.column} data-column data-over={over || undefined} aria-label={stage.name}>
      <header className={css.head}>
        <Chip color={stage.color}>{stage.name}</Chip>
        <span className={css.count}>{group?.count ?? 0}</span>
        {sumField && sum !== null && (
          <span className={css.sum}>{tellSum(sumField, sum, telling.locale)}</span>
        )}
      </header>
      <ul
        className={css.cards}
        ref={body}
        onScroll={onScroll}
        aria-label={t`Records in “${{ stage: stage.name }}”`}
      >
        {cards.map((row) => (
          <Card
            key={row.id}
            row={row}
            type={type}
            stage={at}
            sumField={sumField}
            telling={telling}
            drag={drag}
          />
        ))}
        {list.fresh && cards.length === 0 && (
          <li className={css.empty}>
            <Trans>Nothing in this stage</Trans>
          </li>
        )}
        {list.error && (
          <li>
            <Button size="compact-sm" variant="default" onClick={list.refresh}>
              <Trans>Could not be loaded. Try again</Trans>
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}

interface CardProps {
  row: Row;
  type: TypeShape;
  stage: number;
  sumField: Field | undefined;
  telling: ReturnType<typeof useTelling>;
  drag: Drag | null;
}

function Card({ row, type, stage, sumField, telling, drag }: CardProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const held = drag?.lifted?.row.id === row.id ? drag.lifted : null;
  const money = sumField && valueOf(row, sumField.key);
  const more = type.fields
    .filter((one) => ["relation", "person"].includes(one.kind) && !isEmpty(valueOf(row, one.key)))
    .slice(0, 2);
  const open = () => {
    if (drag?.moved() !== true) void navigate(`/records/${type.key}/${row.id}`);
  };
  return (
    <li>
      <button
        type="button"
        className={css.card}
        data-card={row.id}
        data-lifted={held?.by}
        aria-describedby="board-keys"
        aria-pressed={held?.by === "keys"}
        onPointerDown={(event) => drag?.onPointerDown(event, row, stage)}
        onKeyDown={(event) => drag?.onKeyDown(event, row, stage)}
        onBlur={drag?.onBlur}
        onContextMenu={(event) => held && event.preventDefault()}
        onClick={open}
      >
        <span className={css.title}>{row.title || t`Untitled`}</span>
        {sumField && !isEmpty(money) && <span className={css.money}>{tell(sumField, money, telling)}</span>}
        {more.map((field) => (
          <span key={field.key} className={css.soft}>
            {tell(field, valueOf(row, field.key), telling)}
          </span>
        ))}
      </button>
    </li>
  );
}
