// Why a condition went the way it did: the rules that decided, with the values they found.
import { IconCheck, IconX } from "@tabler/icons-react";
import { Trans } from "@lingui/react/macro";
import type { RunDetail } from "./useRuns";
import "./stepExplains.css";

type Step = Pick<RunDetail["steps"][number], "port" | "explains">;

export function StepExplains({ step }: { step: Step }) {
  if (step.explains.length === 0) return null;
  return (
    <section className="step-explains" data-testid="explains">
      <h2 className="step-data-title">
        {step.port === "rejected" ? (
          <Trans>Stopped here, because</Trans>
        ) : (
          <Trans>It went this way, because</Trans>
        )}
      </h2>
      <ul>
        {step.explains.map((rule, i) => (
          <li key={i} data-holds={rule.holds}>
            {rule.holds ? <IconCheck size={15} aria-hidden /> : <IconX size={15} aria-hidden />}
            <span>
              {rule.case !== null && <strong>{rule.case}: </strong>}
              {rule.words}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
