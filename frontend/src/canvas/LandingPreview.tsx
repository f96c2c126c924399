// While a step is dragged: where it would stand, and the wire it would be given, as a dotted line.
import { getBezierPath, Position as Side, ViewportPortal } from "@xyflow/react";
import { HEAD_HEIGHT, NODE_WIDTH, portY } from "../graph/geometry";
import { portsOf } from "../graph/ports";
import { useBuilder } from "./builder";
import { useView } from "./view";

export function LandingPreview() {
  const { graph, types } = useBuilder();
  const { place, after } = useView((view) => view.target);
  if (!place) return null;
  const source = after && graph.nodes.find((node) => node.id === after.source);
  const ports = source ? portsOf(source, types.get(source.type)) : [];
  const index = ports.findIndex((port) => port.id === after?.port);
  const [path] = source
    ? getBezierPath({
        sourceX: source.position.x + NODE_WIDTH,
        sourceY: source.position.y + portY(Math.max(0, index), ports.length),
        sourcePosition: Side.Right,
        targetX: place.x,
        targetY: place.y + HEAD_HEIGHT / 2,
        targetPosition: Side.Left,
      })
    : [null];
  return (
    <ViewportPortal>
      <svg className="landing" aria-hidden data-testid="landing" data-connects={path !== null}>
        {path !== null && <path className="landing-wire" d={path} />}
        <rect
          className="landing-place"
          x={place.x}
          y={place.y}
          width={place.width}
          height={place.height}
          rx={16}
        />
      </svg>
    </ViewportPortal>
  );
}
