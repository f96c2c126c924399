// The pipelines of a type: one opens to be changed, a new one begins with likely stages.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Panel } from "../../../ui/Parts";
import rows from "../../../ui/Rows.module.css";
import { Chip } from "../fields/Value";
import type { Pipeline, TypeShape } from "../model";
import css from "./designer.module.css";
import { PipelineDialog } from "./PipelineDialog";

export function Pipelines({ type, refresh }: { type: TypeShape; refresh: () => void }) {
  const { t } = useLingui();
  const [editing, setEditing] = useState<Pipeline | "new" | null>(null);
  return (
    <Panel
      title={t`Stages`}
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setEditing("new")}
        >
          <Trans>Add a pipeline</Trans>
        </Button>
      }
    >
      {type.pipelines.length === 0 ? (
        <p className={css.none}>
          <Trans>With a pipeline, records go from stage to stage and stand on a board.</Trans>
        </p>
      ) : (
        <ul className={rows.rows} aria-label={t`Pipelines`}>
          {type.pipelines.map((one) => (
            <li key={one.id} className={rows.row}>
              <button
                type="button"
                className={css.fieldName}
                onClick={() => setEditing(one)}
                aria-label={t`Change the pipeline “${{ name: one.name }}”`}
              >
                <span>{one.name}</span>
                <span className={css.chips}>
                  {one.stages.map((stage) => (
                    <Chip key={stage.id} color={stage.color}>
                      {stage.name}
                    </Chip>
                  ))}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <PipelineDialog
          type={type}
          pipeline={editing === "new" ? null : editing}
          close={() => setEditing(null)}
          done={refresh}
        />
      )}
    </Panel>
  );
}
