// What one step did in a run: how it went, what came in, what went out, and what to do about an error.
import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { exactWords } from "../ui/Ago";
import { DataView } from "./DataView";
import { useStepWords } from "./stepWords";
import type { RunDetail } from "./useRuns";
import "./runs.css";

type Step = RunDetail["steps"][number];

export function StepData({ step, payload }: { step: Step | undefined; payload: unknown }) {
  const { i18n } = useLingui();
  const { status, shortTime } = useStepWords();
  if (!step) {
    return (
      <p className="data-none">
        <Trans>This step did not take part in the run.</Trans>
      </p>
    );
  }
  const { attempt } = step;
  const until = step.waitsUntil === null ? null : exactWords(new Date(step.waitsUntil), i18n.locale);
  const took =
    step.startedAt !== null && step.finishedAt !== null
      ? Date.parse(step.finishedAt) - Date.parse(step.startedAt)
      : null;
  return (
    <div className="step-data">
      <p className="step-data-state" data-live={step.status.toLowerCase()}>
        <strong>{status(step.status)}</strong>
        {took !== null && step.status !== "SKIPPED" && <> · {shortTime(took)}</>}
        {step.attempt > 1 && (
          <>
            {" · "}
            <Trans>attempt {attempt}</Trans>
          </>
        )}
        {step.startedAt !== null && <> · {exactWords(new Date(step.startedAt), i18n.locale)}</>}
      </p>
      {until !== null && step.status === "WAITING" && (
        <p>
          <Trans>Waits until {until}.</Trans>
        </p>
      )}
      {step.status === "SKIPPED" && (
        <p className="data-none">
          <Trans>The run did not come this way.</Trans>
        </p>
      )}
      {step.error && <ErrorBox error={step.error} />}
      {step.status !== "SKIPPED" && (
        <>
          {step.input !== null && (
            <Block title={<Trans>What came in</Trans>}>
              <DataView value={step.input} />
            </Block>
          )}
          {!step.error && (
            <Block title={<Trans>What went out</Trans>}>
              <DataView value={step.output ?? payload} />
            </Block>
          )}
        </>
      )}
    </div>
  );
}

function Block({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section>
      <h2 className="step-data-title">{title}</h2>
      {children}
    </section>
  );
}

export function ErrorBox({ error }: { error: NonNullable<Step["error"]> }) {
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle />}
      title={error.message}
      className="error-box"
    >
      {error.fix !== "" && (
        <p>
          <strong>
            <Trans>What to do:</Trans>
          </strong>{" "}
          {error.fix}
        </p>
      )}
      {error.details !== "" && (
        <details>
          <summary>
            <Trans>Details</Trans>
          </summary>
          <pre>{error.details}</pre>
        </details>
      )}
    </Alert>
  );
}
