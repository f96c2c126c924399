// A soft frame around the steps a loop does for each item.
import { useMemo } from "react";
import { ViewportPortal } from "@xyflow/react";
import { IconRepeat } from "@tabler/icons-react";
import { Trans } from "@lingui/react/macro";
import { loopFrames } from "../graph/loops";
import { useBuilder } from "./builder";

export function LoopFrames() {
  const { graph, types } = useBuilder();
  const frames = useMemo(() => loopFrames(graph, types), [graph, types]);
  if (frames.length === 0) return null;
  return (
    <ViewportPortal>
      {frames.map(({ loop, rect }) => (
        <div
          key={loop}
          className="loop-frame"
          data-testid={`loop-${loop}`}
          style={{ transform: `translate(${rect.x}px, ${rect.y}px)`, width: rect.width, height: rect.height }}
        >
          <span className="loop-caption">
            <IconRepeat size={14} aria-hidden /> <Trans>for each item</Trans>
          </span>
        </div>
      ))}
    </ViewportPortal>
  );
}
