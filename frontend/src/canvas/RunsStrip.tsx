// The last runs at the foot of the canvas: live, one click paints a run over the steps.
import { ActionIcon, Button, Tooltip, UnstyledButton } from "@mantine/core";
import { IconExternalLink, IconX } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { Ago } from "../ui/Ago";
import { RunStatusMark } from "../ui/RunStatusMark";
import { useFollow } from "./useFollow";
import type { Runs } from "./useRuns";
import "./runs.css";

export function RunsStrip({ runs, published }: { runs: Runs; published: boolean }) {
  const { t } = useLingui();
  const { row } = useFollow(runs.shown);
  if (runs.lines.length === 0) {
    return (
      <section className="runs-strip" aria-label={t`Last runs`} data-canvas-panel>
        <span className="runs-none">
          {published ? (
            <Trans>No runs yet. They appear here by themselves, live.</Trans>
          ) : (
            <Trans>No runs yet: publish the scenario and make its event happen.</Trans>
          )}
        </span>
      </section>
    );
  }
  return (
    <section className="runs-strip" aria-label={t`Last runs`} data-canvas-panel>
      <h2 className="runs-title">
        <Trans>Runs</Trans>
      </h2>
      <ul className="runs-row" ref={row}>
        {runs.lines.map((run) => (
          <li key={run.id}>
            <UnstyledButton
              className="run-chip"
              aria-pressed={runs.shown === run.id}
              data-testid={`run-${run.id}`}
              data-status={run.status}
              onClick={() => runs.show(runs.shown === run.id ? null : run.id)}
            >
              <RunStatusMark status={run.status} />
              <Ago at={run.createdAt} className="run-when" />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {runs.shown !== null && (
        <span className="runs-tools">
          <Button
            component={Link}
            to={`/runs/${runs.shown}`}
            size="compact-sm"
            variant="subtle"
            rightSection={<IconExternalLink size={14} />}
          >
            <Trans>Open the run</Trans>
          </Button>
          <Tooltip label={t`Hide the run`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t`Hide the run`}
              onClick={() => runs.show(null)}
            >
              <IconX size={16} />
            </ActionIcon>
          </Tooltip>
        </span>
      )}
    </section>
  );
}
