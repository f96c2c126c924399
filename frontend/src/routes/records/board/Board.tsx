// The board: a column per stage, cards dragged by mouse and finger or lifted by keyboard.
import { Select } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { useCallback, useMemo, useRef, useState } from "react";
import { useQuery } from "urql";
import { RecordGroupsDocument } from "../../../api/generated/records";
import { useMay } from "../../../api/session";
import { sayDone } from "../../../ui/toast";
import type { Row, Stage, TypeShape } from "../model";
import css from "./board.module.css";
import { Column } from "./Column";
import { MissingForm } from "./MissingForm";
import { type Moved, moneyOf } from "./moves";
import { useDrag } from "./useDrag";
import { useMove } from "./useMove";

interface Props {
  type: TypeShape;
  /** The record just made elsewhere on the screen. */
  made: Row | null;
}

export function Board({ type, made }: Props) {
  const { t } = useLingui();
  const works = useMay("work");
  const [chosen, setChosen] = useState<string | null>(null);
  const pipeline = type.pipelines.find((one) => one.id === chosen) ?? type.pipelines[0];
  const stages = useMemo(() => pipeline?.stages ?? [], [pipeline]);
  const sumField = moneyOf(type, pipeline);
  const [moves, setMoves] = useState<ReadonlyMap<string, Moved>>(new Map());
  const turn = useRef(0);
  const [said, setSaid] = useState("");
  const [{ data }, count] = useQuery({
    query: RecordGroupsDocument,
    variables: {
      type: type.key,
      by: "stage",
      fields: sumField ? [sumField.key] : [],
      filter: null,
      search: "",
    },
  });
  const lay = useCallback((row: Row, to: string) => {
    turn.current += 1;
    const moved = { row, to, turn: turn.current };
    setMoves((was) => new Map(was).set(row.id, moved));
  }, []);
  const recount = useCallback(() => count({ requestPolicy: "network-only" }), [count]);
  const moved = useCallback(
    (row: Row) => {
      lay(row, (row.values as { stage?: string }).stage ?? "");
      recount();
    },
    [lay, recount],
  );
  const mover = useMove(type, moved, moved);
  const drop = useCallback(
    (row: Row, stage: Stage) => {
      const from = (row.values as { stage?: string }).stage;
      if (from === stage.id) {
        lay(row, stage.id);
        return;
      }
      lay(row, stage.id);
      void mover.move(row, stage).then((done) => {
        if (done) sayDone(t`“${{ title: row.title }}” is in “${{ stage: stage.name }}” now`);
      });
    },
    [lay, mover, t],
  );
  const frame = useRef<HTMLDivElement>(null);
  const drag = useDrag({ frame, stages, drop, say: setSaid });
  if (!pipeline) return null;
  return (
    <>
      {type.pipelines.length > 1 && (
        <Select
          className={css.choose ?? ""}
          aria-label={t`Pipeline`}
          allowDeselect={false}
          data={type.pipelines.map((one) => ({ value: one.id, label: one.name }))}
          value={pipeline.id}
          onChange={setChosen}
        />
      )}
      <p className={css.hint} id="board-keys">
        {works &&
          t`Drag a card to another stage. By keyboard: Space lifts it, arrows move it, Space puts it down, Escape gives up.`}
      </p>
      <div className={css.board} ref={frame}>
        {stages.map((stage) => {
          const group = data?.recordGroups.find((one) => one.value === stage.id);
          return (
            <Column
              key={stage.id}
              type={type}
              stage={stage}
              sumField={sumField}
              group={group ?? null}
              moves={moves}
              made={made}
              drag={works ? drag : null}
            />
          );
        })}
      </div>
      {drag.lifted?.by === "pointer" && (
        <div className={css.ghost} aria-hidden style={{ left: drag.lifted.x, top: drag.lifted.y }}>
          {drag.lifted.row.title}
        </div>
      )}
      <p role="status" aria-live="assertive" className={css.said}>
        {said}
      </p>
      {mover.asking && (
        <MissingForm type={type} asking={mover.asking} close={mover.forget} move={mover.move} />
      )}
    </>
  );
}
