// The steps of a run beside its picture: in their order, what was undone afterwards, the runs it called, its result.
import { Alert } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { TypeIcon } from "../catalog/icons";
import { Ago } from "../ui/Ago";
import { RunStatusMark } from "../ui/RunStatusMark";
import { type Builder, useBuilder } from "./builder";
import { DataView } from "./DataView";
import { ErrorBox, StepData } from "./StepData";
import { StepInside } from "./StepInside";
import { useStepWords } from "./stepWords";
import type { RunDetail } from "./useRuns";
import { useView } from "./view";

type Step = RunDetail["steps"][number];

export function RunSteps({ run }: { run: RunDetail }) {
  const { t } = useLingui();
  const builder = useBuilder();
  const onward = run.steps.filter((step) => !step.undoing);
  const undoing = run.steps.filter((step) => step.undoing);
  return (
    <aside className="run-steps" aria-label={t`Steps of the run`}>
      {run.error && <ErrorBox error={run.error} />}
      <Undone undone={run.undone} />
      <StepList run={run} steps={onward} builder={builder} />
      {undoing.length > 0 && (
        <section>
          <h2 className="step-data-title">
            <Trans>Steps that undid</Trans>
          </h2>
          <StepList run={run} steps={undoing} builder={builder} />
        </section>
      )}
      <Calls calls={run.calls} />
      {run.result !== null && (
        <section>
          <h2 className="step-data-title">
            <Trans>Result</Trans>
          </h2>
          <DataView value={run.result} />
        </section>
      )}
    </aside>
  );
}

interface StepListProps {
  run: RunDetail;
  steps: Step[];
  builder: Builder;
}

function StepList({ run, steps, builder }: StepListProps) {
  const opened = useView((view) => view.opened);
  const { status, shortTime, items } = useStepWords();
  const first = run.steps[0]?.nodeId;
  return (
    <ol className="run-step-list">
      {steps.map((step) => {
        const open = opened === step.nodeId;
        const counts = builder.overlay?.steps.get(step.nodeId)?.counts ?? step.counts;
        const took =
          step.startedAt !== null && step.finishedAt !== null
            ? Date.parse(step.finishedAt) - Date.parse(step.startedAt)
            : null;
        return (
          <li key={step.nodeId} data-live={step.status.toLowerCase()} data-testid={`step-${step.nodeId}`}>
            <button
              type="button"
              className="run-step-head"
              aria-expanded={open}
              ref={open ? (element) => element?.scrollIntoView({ block: "nearest" }) : null}
              onClick={() => {
                useView.getState().open(open ? null : step.nodeId);
                useView.getState().select(open ? [] : [step.nodeId]);
              }}
            >
              <TypeIcon type={builder.types.get(step.nodeType)} size={30} />
              <span className="run-step-words">
                <span className="run-step-title">{step.title}</span>
                <span className="run-step-meta" data-live={step.status.toLowerCase()}>
                  {status(step.status)}
                  {counts && step.status !== "SKIPPED" && ` · ${items(counts)}`}
                  {took !== null && step.status !== "SKIPPED" && ` · ${shortTime(took)}`}
                </span>
              </span>
            </button>
            {open && (
              <StepData
                step={step}
                payload={step.nodeId === first ? run.event.payload : null}
                inside={<StepInside run={run} step={step} />}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** What became of the undoing of a run that failed: told before its steps, because it is what is left to do. */
function Undone({ undone }: Pick<RunDetail, "undone">) {
  const failed = undone.filter((one) => one.error !== null);
  const well = undone.filter((one) => one.error === null);
  if (undone.length === 0) return null;
  return (
    <Alert
      color={failed.length > 0 ? "red" : "gray"}
      variant="light"
      icon={<IconArrowBackUp />}
      className="run-undone"
      title={
        well.length > 0 ? (
          <Plural value={well.length} one="# step was undone" other="# steps were undone" />
        ) : (
          <Trans>Nothing could be undone</Trans>
        )
      }
    >
      {well.length > 0 && <p>{well.map((one) => one.title).join(", ")}</p>}
      {failed.map(({ nodeId, title, error }) => (
        <p key={nodeId}>
          <strong>
            <Trans>Could not be undone: {title}.</Trans>
          </strong>{" "}
          {error?.message}
        </p>
      ))}
    </Alert>
  );
}

function Calls({ calls }: Pick<RunDetail, "calls">) {
  const { t } = useLingui();
  if (calls.nodes.length === 0) return null;
  return (
    <section>
      <h2 className="step-data-title">
        <Trans>Runs it called</Trans>
      </h2>
      <ul className="run-calls">
        {calls.nodes.map((one) => (
          <li key={one.id}>
            <Link to={`/runs/${one.id}`}>{one.scenarioTitle || t`Untitled scenario`}</Link>
            <RunStatusMark status={one.status} />
            <Ago at={one.createdAt} />
          </li>
        ))}
      </ul>
      {calls.pageInfo.hasNextPage && (
        <p className="data-none">
          <Trans>These are the newest; the step of each item names its own.</Trans>
        </p>
      )}
    </section>
  );
}
