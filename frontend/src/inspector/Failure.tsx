// "If something goes wrong": what the scenario does when this step fails, how often it is tried, how long it may take.
import { NativeSelect, NumberInput, Switch } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { amountOf } from "../catalog/words";
import { controlsRun, DEFAULT_RETRY, isOnError, type OnError, onErrorOf, retryOf } from "../graph/failure";
import type { Json, NodeJson, NodeType } from "../graph/types";
import { useForm } from "./context";

interface FailureProps {
  node: NodeJson;
  type: NodeType;
  onChange: (key: string, value: Json | undefined) => void;
}

export function Failure({ node, type, onChange }: FailureProps) {
  const { t } = useLingui();
  const { readOnly } = useForm();
  const words: Record<OnError, string> = {
    fail: t`the run stops and is marked as failed`,
    branch: t`the run goes another way: “if it fails”`,
    continue: t`the run goes on without its data`,
  };
  if (type.kind === "TRIGGER") return null;
  const now = onErrorOf(node);
  const retry = retryOf(node);
  const limit = node.settings?.timeout_seconds;
  const isPlain = now === "fail" && !retry && typeof limit !== "number";
  return (
    <details className="failure" open={isPlain ? undefined : true}>
      <summary>
        <Trans>If something goes wrong</Trans>
        {isPlain && <span className="failure-now">{words.fail}</span>}
      </summary>
      <div className="failure-body">
        <NativeSelect
          label={t`When this step fails`}
          value={now}
          disabled={readOnly}
          data={(["fail", "branch", "continue"] as const).map((value) => ({ value, label: words[value] }))}
          onChange={(event) => {
            const next = event.currentTarget.value;
            onChange("on_error", isOnError(next) && next !== "fail" ? next : undefined);
          }}
        />
        {!controlsRun(type) && (
          <>
            <Retry node={node} onChange={onChange} />
            <NumberInput
              label={t`Longest time, in seconds`}
              description={t`Empty: as long as the step allows itself.`}
              value={typeof limit === "number" ? limit : ""}
              min={1}
              max={3600}
              disabled={readOnly}
              onChange={(value) =>
                onChange("timeout_seconds", typeof value === "number" && value > 0 ? value : undefined)
              }
            />
          </>
        )}
      </div>
    </details>
  );
}

function Retry({ node, onChange }: Pick<FailureProps, "node" | "onChange">) {
  const { t, i18n } = useLingui();
  const { readOnly } = useForm();
  const retry = retryOf(node);
  const set = (key: keyof typeof DEFAULT_RETRY, value: number | string) => {
    if (retry && typeof value === "number") onChange("retry", { ...retry, [key]: value });
  };
  const first = amountOf(i18n, retry?.first_seconds ?? 0, "seconds");
  const seconds = retry?.budget_seconds ?? 0;
  const budget =
    seconds % 3600 === 0
      ? amountOf(i18n, seconds / 3600, "hours")
      : amountOf(i18n, Math.ceil(seconds / 60), "minutes");
  return (
    <>
      <Switch
        label={t`Try again by itself`}
        checked={retry !== null}
        disabled={readOnly}
        onChange={(event) => onChange("retry", event.currentTarget.checked ? DEFAULT_RETRY : undefined)}
      />
      {retry && (
        <>
          <div className="failure-row">
            <NumberInput
              label={t`Attempts in all`}
              value={retry.attempts}
              min={1}
              max={100}
              allowDecimal={false}
              clampBehavior="strict"
              disabled={readOnly}
              onChange={(value) => set("attempts", value)}
            />
            <NumberInput
              label={t`First pause, seconds`}
              value={retry.first_seconds}
              min={0}
              max={86_400}
              clampBehavior="strict"
              disabled={readOnly}
              onChange={(value) => set("first_seconds", value)}
            />
          </div>
          <p className="failure-words">
            <Trans>
              The first pause is {first}, each next one is longer. No attempt begins later than {budget} after
              the first.
            </Trans>
          </p>
        </>
      )}
    </>
  );
}
