// "Saved", "Saving…", "Not saved: …": always in words, with a way to try again.
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconLoader2 } from "@tabler/icons-react";
import { Trans } from "@lingui/react/macro";
import type { OpenScenario } from "./useScenario";

export function SaveMark({ open }: { open: OpenScenario }) {
  const { saveState: state, saver } = open;
  const why = state.phase === "failed" ? state.message : null;
  return (
    <span className="save-mark" role="status" data-phase={state.phase} data-testid="save-state">
      {state.phase === "saved" && (
        <>
          <IconCheck size={15} aria-hidden /> <Trans>Saved</Trans>
        </>
      )}
      {(state.phase === "waiting" || state.phase === "saving") && (
        <>
          <IconLoader2 size={15} className="turning" aria-hidden /> <Trans>Saving…</Trans>
        </>
      )}
      {state.phase === "failed" && (
        <>
          <IconAlertTriangle size={15} aria-hidden />
          {why ? (
            <Trans>Not saved: {why}</Trans>
          ) : (
            <Trans>The server does not answer; your changes are kept in this browser</Trans>
          )}
          <Button size="compact-xs" variant="subtle" onClick={() => void saver.flush()}>
            <Trans>Try again</Trans>
          </Button>
        </>
      )}
      {state.phase === "conflict" && (
        <>
          <IconAlertTriangle size={15} aria-hidden /> <Trans>Not saved: changed elsewhere</Trans>
        </>
      )}
    </span>
  );
}
