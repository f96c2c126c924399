// "How much at once": limits of a step, shared with all steps that carry the same name.
import { TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { amountOf } from "../catalog/words";
import { controlsRun } from "../graph/failure";
import { stepLimits, stepLimitsOf, type StepLimits as Limits, UNIT_SECONDS, unitOf } from "../graph/limits";
import type { Json, NodeJson, NodeType } from "../graph/types";
import { Amount, Time } from "./Amounts";
import { useForm } from "./context";

interface StepLimitsProps {
  node: NodeJson;
  type: NodeType;
  onChange: (key: string, value: Json | undefined) => void;
}

const YEAR = 31_536_000;

export function StepLimits({ node, type, onChange }: StepLimitsProps) {
  const { t, i18n } = useLingui();
  const { readOnly, onBlur } = useForm();
  if (type.kind === "TRIGGER" || controlsRun(type)) return null;
  const limits = stepLimitsOf(node);
  const { atOnce, atMost, perSeconds } = limits;
  const isFree = atOnce === undefined && atMost === undefined;
  const set = (changed: Partial<Limits>) => onChange("limits", stepLimits({ ...limits, ...changed }));
  const seconds = perSeconds ?? 60;
  const unit = unitOf(seconds);
  const time = amountOf(i18n, seconds / UNIT_SECONDS[unit], unit);
  return (
    <details className="failure" open={isFree ? undefined : true}>
      <summary>
        <Trans>How much at once</Trans>
        {isFree && (
          <span className="failure-now">
            <Trans>as much as comes</Trans>
          </span>
        )}
      </summary>
      <div className="failure-body">
        <Amount
          label={t`At most at once`}
          description={t`Empty: no limit. The others wait, in the order in which they came.`}
          value={atOnce}
          max={10_000}
          disabled={readOnly}
          onChange={(value) => set({ atOnce: value })}
        />
        <Amount
          label={t`At most so many times`}
          description={t`Empty: no limit. Each waits for its moment.`}
          value={atMost}
          max={100_000}
          disabled={readOnly}
          onChange={(value) => set({ atMost: value })}
        />
        {atMost !== undefined && (
          <>
            <Time
              label={t`within`}
              value={perSeconds}
              max={YEAR}
              disabled={readOnly}
              onChange={(value) => value !== undefined && set({ perSeconds: value })}
            />
            <p className="failure-words">
              <Trans>
                Within any {time} the step begins at most {atMost} times.
              </Trans>
            </p>
          </>
        )}
        {!isFree && (
          <TextInput
            label={t`Shared limit`}
            description={t`Steps with the same name share the limit, in all scenarios. Empty: all that call the same address, else all steps of this kind.`}
            value={limits.name}
            maxLength={200}
            disabled={readOnly}
            onChange={(event) => set({ name: event.currentTarget.value })}
            onBlur={onBlur}
          />
        )}
      </div>
    </details>
  );
}
