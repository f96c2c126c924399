// How a run went: colour, sign and word together, so nobody depends on colour alone.
import { useLingui } from "@lingui/react/macro";
import {
  IconCheck,
  IconClock,
  IconDots,
  IconLoader2,
  IconHelp,
  IconMinus,
  IconPlayerPause,
  IconX,
  type TablerIcon,
} from "@tabler/icons-react";
import type { RunStatus } from "../api/types";
import css from "./RunStatusMark.module.css";

const icons: Record<RunStatus, TablerIcon> = {
  QUEUED: IconDots,
  RUNNING: IconLoader2,
  WAITING: IconClock,
  PAUSED: IconPlayerPause,
  UNKNOWN: IconHelp,
  SUCCEEDED: IconCheck,
  FAILED: IconX,
  CANCELLED: IconMinus,
};

/** The word for a status, in the language of the screens. */
export function useStatusWords(): Record<RunStatus, string> {
  const { t } = useLingui();
  return {
    QUEUED: t({ context: "run", message: "Queued" }),
    RUNNING: t({ context: "run", message: "Running" }),
    WAITING: t({ context: "run", message: "Waiting" }),
    PAUSED: t({ context: "run", message: "Paused" }),
    UNKNOWN: t({ context: "run", message: "Needs an answer" }),
    SUCCEEDED: t({ context: "run", message: "Done" }),
    FAILED: t({ context: "run", message: "Failed" }),
    CANCELLED: t({ context: "run", message: "Cancelled" }),
  };
}

export function RunStatusMark({ status, compact = false }: { status: RunStatus; compact?: boolean }) {
  const words = useStatusWords();
  const Icon = icons[status];
  return (
    <span className={css.mark} data-status={status} title={compact ? words[status] : undefined}>
      <span className={css.sign}>
        <Icon size={13} stroke={2.5} aria-hidden />
      </span>
      <span className={compact ? css.hidden : undefined}>{words[status]}</span>
    </span>
  );
}
