// What a person can do with an open run: hold it back, let it go on, end it; and why it does not go on by itself.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import { useClient } from "urql";
import { CancelRunDocument, PauseRunDocument, ResumeRunDocument } from "../api/generated/runs";
import { useMay } from "../api/session";
import { Ago } from "../ui/Ago";
import { Confirm } from "../ui/Confirm";
import { ProblemList, useProblems, wordsOf } from "../ui/problems";
import type { RunDetail } from "./useRuns";
import "./runControls.css";

const changes = { pause: PauseRunDocument, resume: ResumeRunDocument, cancel: CancelRunDocument };
type Change = keyof typeof changes;

interface RunControlsProps {
  run: Pick<RunDetail, "id" | "status" | "finishedAt">;
  /** Asks for the run again: whatever the answer was, it tells something new about it. */
  onChanged: () => void;
}

export function RunControls({ run, onChanged }: RunControlsProps) {
  const { t } = useLingui();
  const client = useClient();
  const mayChange = useMay("build");
  const { took, rest } = useProblems([]);
  const [busy, setBusy] = useState<Change | null>(null);
  const [asking, setAsking] = useState(false);
  if (!mayChange || run.finishedAt !== null) return null;

  const change = async (what: Change) => {
    setBusy(what);
    took(await client.mutation(changes[what], { id: run.id }).toPromise(), (data) => data.change.problems);
    setBusy(null);
    onChanged();
  };
  const paused = run.status === "PAUSED";
  return (
    <div className="run-controls">
      {/* A run that needs an answer stands still already. */}
      {run.status !== "UNKNOWN" && (
        <Button
          size="sm"
          variant={paused ? "filled" : "default"}
          leftSection={paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
          loading={busy === "pause" || busy === "resume"}
          onClick={() => void change(paused ? "resume" : "pause")}
        >
          {paused ? <Trans context="run">Resume</Trans> : <Trans context="run">Pause</Trans>}
        </Button>
      )}
      <Button
        size="sm"
        variant="default"
        leftSection={<IconPlayerStop size={16} />}
        onClick={() => setAsking(true)}
      >
        <Trans context="run">Cancel…</Trans>
      </Button>
      <Confirm
        opened={asking}
        title={t`Cancel this run?`}
        verb={t`Cancel the run`}
        keep={t`Leave it`}
        onClose={() => setAsking(false)}
        onConfirm={() => change("cancel")}
      >
        <Trans>
          It ends here for good: the steps ahead will not happen. What is done already stays done.
        </Trans>
      </Confirm>
      <ProblemList problems={rest} />
    </div>
  );
}

/** Why an open run does not go on, and until when; how to mend it is told to those who may. */
export function RunCause({ cause }: { cause: RunDetail["waitsFor"] }) {
  const mayChange = useMay("build");
  if (!cause) return null;
  return (
    <p className="run-cause" data-testid="run-cause">
      {mayChange ? wordsOf({ message: cause.words, fix: cause.fix }) : cause.words}
      {cause.until !== null && (
        <>
          {" "}
          <Trans>
            Goes on <Ago at={cause.until} />.
          </Trans>
        </>
      )}
    </p>
  );
}

/** Why a run ended as it did where no step is to blame: it was skipped, say, or took too long. */
export function RunReason({ error }: { error: RunDetail["error"] }) {
  if (error?.nodeId !== null) return null;
  return (
    <p className="run-cause" data-testid="run-reason">
      {wordsOf(error)}
    </p>
  );
}
