// One short line at the foot of the canvas: what was done or refused, with the way back.
import { useEffect } from "react";
import { Button } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import { useView } from "./view";
import "./over.css";

const SHOWN_MS = 4500;

export function Hint({ onUndo }: { onUndo: () => void }) {
  const hint = useView((view) => view.hint);
  const hush = useView((view) => view.hush);
  useEffect(() => {
    if (!hint) return;
    const timer = setTimeout(() => hush(hint.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [hint, hush]);
  return (
    <div className="hint" role="status" data-canvas-panel>
      {hint && (
        <div className="hint-line" key={hint.id}>
          <span>{hint.text}</span>
          {hint.undo && (
            <Button size="compact-sm" variant="subtle" onClick={onUndo}>
              <Trans>Undo</Trans>
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
