// Under a formula: the call that is being written, what is wrong and how to mend it, else its value now.
import { Trans, useLingui } from "@lingui/react/macro";
import type { Json } from "../../graph/types";
import { valueShown } from "./shown";
import type { Check, Signature } from "./useHelp";

const MOST = 3;

interface ToldProps {
  id: string;
  empty: boolean;
  check: Check | null;
  /** The check is of an earlier text. */
  late: boolean;
  signature: Signature | null;
}

export function Told({ id, empty, check, late, signature }: ToldProps) {
  return (
    <div className="formula-told" id={id}>
      {signature && <Call signature={signature} />}
      {empty && (
        <p className="formula-hint">
          <Trans>Begin with a function or the name of some data; Ctrl+Space lists what can stand here.</Trans>
        </p>
      )}
      <div aria-live="polite" data-late={late}>
        {check && <Answer check={check} />}
      </div>
    </div>
  );
}

function Answer({ check }: { check: Check }) {
  const { i18n } = useLingui();
  const errors = check.mistakes.filter((one) => one.severity === "ERROR");
  const { type } = check;
  return (
    <>
      {check.mistakes.slice(0, MOST).map((one, i) => (
        <p key={i} className="formula-mistake" data-warning={one.severity === "WARNING"}>
          <strong>{one.message}</strong> {one.fix}
        </p>
      ))}
      {check.noValue !== "" && <p className="formula-hint">{check.noValue}</p>}
      {errors.length === 0 && check.noValue === "" && (
        <p className="formula-value" title={check.typeTitle} data-testid="formula-value">
          <output>= {valueShown(check.value as Json, type, i18n)}</output>{" "}
          <span className="formula-source">
            <Source source={check.source} />
          </span>
        </p>
      )}
    </>
  );
}

function Source({ source }: { source: string }) {
  if (source === "run") return <Trans>on the last run’s data</Trans>;
  if (source === "event") return <Trans>on the last event’s data</Trans>;
  return <Trans>on sample data</Trans>;
}

/** `ОКРУГЛ(число; [знаки])` with the part under the caret marked. */
function Call({ signature }: { signature: Signature }) {
  const { name, parts, active, help } = signature;
  return (
    <p className="formula-call" data-testid="formula-call">
      <code>
        {name}(
        {parts.map((part, i) => (
          <span key={i}>
            {i > 0 && "; "}
            {i === active ? <b>{part}</b> : part}
          </span>
        ))}
        )
      </code>{" "}
      {help}
    </p>
  );
}
