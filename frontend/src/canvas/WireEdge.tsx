// A wire between two steps, with a "+" in its middle that inserts a step there, and "x" when it is selected.
import { memo } from "react";
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath, useStore } from "@xyflow/react";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useLingui } from "@lingui/react/macro";
import { useBuilder } from "./builder";
import type { WireFlow } from "./toFlow";
import { useView } from "./view";

const NEAR = 0.55;
/** Below this a wire is looked at, not grasped. */
const FAR = 0.4;

export const WireEdge = memo(function WireEdge(props: EdgeProps<WireFlow>) {
  const { id, data, selected = false } = props;
  const [path, x, y] = getBezierPath(props);
  const near = useStore((state) => state.transform[2] >= NEAR);
  const far = useStore((state) => state.transform[2] < FAR);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={far ? 0 : 24}
        className="wire"
        data-state={data?.state}
        data-selected={selected}
        data-aimed={data?.aimed}
      />
      {near && data && !data.readOnly && <WireTools x={x} y={y} wire={data} selected={selected} />}
    </>
  );
});

interface WireToolsProps {
  x: number;
  y: number;
  wire: NonNullable<WireFlow["data"]>;
  selected: boolean;
}

function WireTools({ x, y, wire, selected }: WireToolsProps) {
  const { t } = useLingui();
  const { commands, graph, types } = useBuilder();
  const add = useView((view) => view.add);
  const say = useView((view) => view.say);
  const name = (id: string) => {
    const node = graph.nodes.find((one) => one.id === id);
    return node ? node.title || (types.get(node.type)?.title ?? node.type) : id;
  };
  const from = name(wire.edge.source);
  const to = name(wire.edge.target);
  return (
    <EdgeLabelRenderer>
      <div
        className="wire-tools nodrag nopan"
        data-selected={selected}
        data-aimed={wire.aimed}
        style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
      >
        <button
          type="button"
          className="wire-add"
          aria-label={t`Insert a step between ${from} and ${to}`}
          title={t`Insert a step here`}
          data-testid={`insert-${wire.edge.source}-${wire.edge.port}-${wire.edge.target}`}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            add({ x: box.right + 8, y: box.top - 12, landing: { on: wire.edge }, at: null });
          }}
        >
          <IconPlus size={12} stroke={2.5} aria-hidden />
        </button>
        {selected && (
          <button
            type="button"
            className="wire-add"
            aria-label={t`Remove the wire from ${from} to ${to}`}
            title={t`Remove the wire`}
            onClick={() => {
              commands.remove([], [wire.edge]);
              say(t`Wire removed.`, true);
            }}
          >
            <IconX size={12} stroke={2.5} aria-hidden />
          </button>
        )}
      </div>
    </EdgeLabelRenderer>
  );
}
