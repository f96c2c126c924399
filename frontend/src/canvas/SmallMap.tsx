// The small map in the corner: where in a large scenario one is.
import { MiniMap } from "@xyflow/react";
import type { StepFlow } from "./toFlow";

export function SmallMap() {
  return (
    <MiniMap<StepFlow>
      pannable
      zoomable
      className="canvas-minimap"
      nodeBorderRadius={24}
      nodeClassName={(node) => `mini-${(node.data.type?.kind ?? "ACTION").toLowerCase()}`}
    />
  );
}
