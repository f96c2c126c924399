// Words for the role, the state and the time of a step.
import { useMemo } from "react";
import { useLingui } from "@lingui/react/macro";
import type { NodeKind } from "../graph/types";
import type { ItemCounts, StepLive } from "./builder";

export function useStepWords() {
  const { t, i18n } = useLingui();
  return useMemo(() => {
    const roles: Record<NodeKind, string> = {
      TRIGGER: t({ message: "When", context: "role of a step" }),
      CONDITION: t({ message: "If", context: "role of a step" }),
      ACTION: t({ message: "Then", context: "role of a step" }),
    };
    const states: Record<StepLive["status"], string> = {
      RUNNING: t({ message: "running", context: "state of a step" }),
      WAITING: t({ message: "waiting", context: "state of a step" }),
      DONE: t({ message: "done", context: "state of a step" }),
      FAILED: t({ message: "failed", context: "state of a step" }),
      SKIPPED: t({ message: "skipped", context: "state of a step" }),
    };
    const number = (value: number, digits: number) =>
      value.toLocaleString(i18n.locale, { maximumFractionDigits: digits });
    return {
      role: (kind: NodeKind) => roles[kind],
      status: (status: StepLive["status"]) => states[status],
      /** "97 of 100, 3 failed". */
      items: ({ items, done, failed }: ItemCounts) =>
        failed > 0 ? t`${done} of ${items}, ${failed} failed` : t`${done} of ${items}`,
      shortTime: (ms: number) => {
        if (ms < 1) return t`under 1 ms`;
        if (ms < 1000) return t`${{ time: number(ms, 0) }} ms`;
        if (ms < 60_000) return t`${{ time: number(ms / 1000, 1) }} s`;
        return ms < 3_600_000
          ? t`${{ time: number(ms / 60_000, 0) }} min`
          : t`${{ time: number(ms / 3_600_000, 1) }} h`;
      },
    };
  }, [t, i18n.locale]);
}
