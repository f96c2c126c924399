// What started a run, in words. Kinds are those of `event.kind`.
import { useLingui } from "@lingui/react/macro";

export function useStartedBy(): (kind: string) => string {
  const { t } = useLingui();
  return (kind) => {
    if (kind.startsWith("webhook")) return t`by a webhook`;
    if (kind.startsWith("manual")) return t`by hand`;
    if (kind.startsWith("schedule")) return t`by schedule`;
    if (kind.startsWith("record")) return t`by a change of a record`;
    return kind;
  };
}
