// The way of a record through its stages. A click moves it; what is missing is asked for.
import { Select, UnstyledButton } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { MissingForm } from "../board/MissingForm";
import { useMove } from "../board/useMove";
import { type Pipeline, type Row, type Stage, type TypeShape, valuesOf } from "../model";
import css from "./card.module.css";

interface Props {
  type: TypeShape;
  pipeline: Pipeline;
  row: Row;
  editable: boolean;
  moved: (row: Row) => void;
}

export function StageBar({ type, pipeline, row, editable, moved }: Props) {
  const { t } = useLingui();
  const { asking, move, forget, busy } = useMove(type, moved);
  const [going, setGoing] = useState<string | null>(null);
  const now = (busy ? going : null) ?? (valuesOf(row).stage as string | undefined);
  const at = pipeline.stages.findIndex((one) => one.id === now);
  const reason = pipeline.stages
    .flatMap((one) => one.reasons)
    .find((one) => one.id === valuesOf(row).close_reason)?.name;
  const go = (stage: Stage) => {
    if (!editable || stage.id === now) return;
    setGoing(stage.id);
    void move(row, stage);
  };
  return (
    <section className={css.stages} aria-label={t`Stage: ${{ name: pipeline.name }}`}>
      {type.pipelines.length > 1 && (
        <Select
          size="xs"
          aria-label={t`Pipeline`}
          allowDeselect={false}
          disabled={!editable}
          data={type.pipelines.map((one) => ({ value: one.id, label: one.name }))}
          value={pipeline.id}
          onChange={(id) => {
            const first = type.pipelines.find((one) => one.id === id)?.stages[0];
            if (first) go(first);
          }}
        />
      )}
      <ol className={css.bar}>
        {pipeline.stages.map((stage, index) => (
          <li key={stage.id}>
            <UnstyledButton
              className={css.stage}
              data-passed={(index < at && pipeline.stages[at]?.outcome !== "LOST") || undefined}
              data-now={index === at || undefined}
              data-outcome={stage.outcome}
              aria-current={index === at ? "step" : undefined}
              disabled={!editable}
              onClick={() => go(stage)}
            >
              {stage.name}
            </UnstyledButton>
          </li>
        ))}
      </ol>
      {reason !== undefined && pipeline.stages[at]?.outcome !== "OPEN" && (
        <p className={css.reason}>{t`Reason: ${reason}`}</p>
      )}
      {asking && <MissingForm type={type} asking={asking} close={forget} move={move} />}
    </section>
  );
}
