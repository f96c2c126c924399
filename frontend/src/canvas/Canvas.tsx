// The canvas: steps and wires under the hand. Measuring, hovering and selecting stay here; gestures become commands.
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useMantineColorScheme } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import {
  Background,
  BackgroundVariant,
  type Connection,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import { summaryOf } from "../catalog/summary";
import { REFUSALS } from "../catalog/words";
import { nodeAt } from "../graph/geometry";
import { refusal } from "../graph/reach";
import type { EdgeJson, NodeJson, NodeType, Position } from "../graph/types";
import { useBuilder } from "./builder";
import { LandingPreview } from "./LandingPreview";
import { LoopFrames } from "./LoopFrames";
import { reveal, startView } from "./lookAt";
import { SmallMap } from "./parts";
import { StepNode } from "./StepNode";
import { useStepWords } from "./stepWords";
import { FlowCache, type StepFlow, type WireFlow } from "./toFlow";
import { useStepDrag } from "./useStepDrag";
import { useView } from "./view";
import { WireEdge } from "./WireEdge";
import "@xyflow/react/dist/base.css";
import "./canvas.css";

const NODE_TYPES = { step: StepNode };
const EDGE_TYPES = { wire: WireEdge };
/** Below this many steps all are drawn, so Tab reaches each of them. */
const FEW = 60;
const TOUCH = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;

export function Canvas() {
  const { t, i18n } = useLingui();
  const builder = useBuilder();
  const { graph, types, problems, overlay, commands, doc, readOnly } = builder;
  const { colorScheme } = useMantineColorScheme();
  const flow = useReactFlow<StepFlow, WireFlow>();
  const view = useView();
  const { role } = useStepWords();
  const [cache] = useState(() => new FlowCache());
  const { moving, onDrag, onDragStart, onDragStop, isDragging, follow } = useStepDrag();

  const base = useMemo(() => {
    const words = { i18n, graph, types };
    const titleOf = (node: NodeJson) => node.title || (types.get(node.type)?.title ?? node.type);
    const titles = new Map(graph.nodes.map((node) => [node.id, titleOf(node)]));
    return {
      graph,
      types,
      problems,
      overlay,
      summaryOf: (node: NodeJson) => summaryOf(node, words),
      label: (node: NodeJson, type: NodeType | undefined) =>
        `${role(type?.kind ?? "ACTION")}: ${titleOf(node)}`,
      wireLabel: ({ source, target }: EdgeJson) =>
        t`Wire from ${{ from: titles.get(source) }} to ${{ to: titles.get(target) }}`,
      aimedNode: view.target.node,
      readOnly,
    };
  }, [graph, types, problems, overlay, view.target.node, readOnly, i18n, role, t]);
  const nodes = useMemo(() => cache.steps(base, view.nodes, moving), [cache, base, view.nodes, moving]);
  const edges = useMemo(
    () => cache.wires(base, view.edges, view.target.edge),
    [cache, base, view.edges, view.target.edge],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange<StepFlow>[]) => {
      const chosen = new Set(useView.getState().nodes);
      const moved = new Map<string, Position>();
      const dragged = new Map<string, Position>();
      let selects = false;
      for (const change of changes) {
        if (change.type === "select") {
          selects = true;
          if (change.selected) chosen.add(change.id);
          else chosen.delete(change.id);
        } else if (change.type === "position" && change.position) {
          (change.dragging === true ? dragged : moved).set(change.id, change.position);
        }
      }
      if (selects) view.select(chosen, useView.getState().edges);
      if (dragged.size > 0) follow(dragged);
      // Positions that do not belong to a drag come from the arrow keys; a drag is written when it stops.
      if (moved.size > 0 && dragged.size === 0 && !isDragging()) commands.moveNodes(moved);
    },
    [view, commands, follow, isDragging],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireFlow>[]) => {
      const chosen = new Set(useView.getState().edges);
      for (const change of changes) {
        if (change.type !== "select") continue;
        if (change.selected) chosen.add(change.id);
        else chosen.delete(change.id);
      }
      view.select(useView.getState().nodes, chosen);
    },
    [view],
  );

  const toEdge = (connection: Connection | WireFlow): EdgeJson => ({
    source: connection.source,
    port: connection.sourceHandle ?? "out",
    target: connection.target,
  });
  const allowed = useCallback(
    (connection: Connection | WireFlow) => {
      const edge = {
        source: connection.source,
        port: connection.sourceHandle ?? "out",
        target: connection.target,
      };
      const reason = refusal(doc.toJSON(), types, edge);
      return reason === null;
    },
    [doc, types],
  );
  const connect = (edge: EdgeJson) => {
    const reason = commands.connect(edge);
    if (reason) view.say(i18n._(REFUSALS[reason]));
  };
  const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
    if (state.isValid === true || !state.fromHandle) return;
    const port = state.fromHandle.id ?? "out";
    const source = state.fromNode.id;
    const point = "changedTouches" in event ? event.changedTouches[0] : event;
    if (!point) return;
    const at = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    const over = state.toNode?.id ?? nodeAt(graph, types, at)?.id;
    if (over !== undefined) {
      connect({ source, port, target: over });
    } else if (Math.hypot(state.from.x - at.x, state.from.y - at.y) > 24) {
      view.add({
        x: point.clientX,
        y: point.clientY,
        landing: { after: { source, port } },
        at: { x: at.x, y: at.y - 38 },
      });
    }
  };

  const fitted = useRef(false);
  const first = graph.nodes[0];
  const onInit = useCallback(() => {
    if (fitted.current) return;
    fitted.current = true;
    void startView(flow, doc.toJSON().nodes);
  }, [flow, doc]);
  useEffect(() => {
    if (first) onInit();
  }, [first, onInit]);

  const { opened } = view;
  const latestTypes = useRef(types);
  useEffect(() => {
    latestTypes.current = types;
  }, [types]);
  useEffect(() => {
    if (opened === null) return;
    // After the panel has taken its place, the opened step must still be seen.
    const timer = setTimeout(() => reveal(flow, doc.toJSON(), latestTypes.current, opened), 60);
    return () => clearTimeout(timer);
  }, [opened, flow, doc]);

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.key !== "Enter" || !target.classList.contains("react-flow__node")) return;
    const id = target.dataset.id;
    if (id === undefined) return;
    event.preventDefault();
    view.open(id);
  };

  // Walking by Tab brings a step into sight; focus that comes back by itself moves nothing.
  const onKeyUp = (event: KeyboardEvent) => {
    const { id } = (event.target as HTMLElement).dataset;
    if (event.key === "Tab" && id !== undefined) reveal(flow, doc.toJSON(), types, id);
  };

  return (
    // eslint-disable-next-line jsx-a11y-x/no-static-element-interactions
    <div className="canvas-pane" onKeyDown={onKeyDown} onKeyUp={onKeyUp} data-testid="canvas">
      <ReactFlow<StepFlow, WireFlow>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onInit={onInit}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeClick={(event, node) => {
          if (!event.shiftKey && !event.ctrlKey && !event.metaKey) view.open(node.id);
        }}
        onPaneClick={() => view.open(null)}
        onPaneContextMenu={(event) => event.preventDefault()}
        onNodeDragStart={onDragStart}
        onNodeDrag={(_event, _node, moved) => onDrag(moved)}
        onNodeDragStop={(_event, _node, moved) => onDragStop(moved)}
        onSelectionDragStart={onDragStart}
        onSelectionDragStop={(_event, moved) => onDragStop(moved)}
        isValidConnection={allowed}
        onConnect={(connection) => connect(toEdge(connection))}
        onConnectEnd={onConnectEnd}
        onReconnect={(old, connection) => {
          const reason = old.data && commands.reconnect(old.data.edge, toEdge(connection));
          if (reason) view.say(i18n._(REFUSALS[reason]));
        }}
        colorMode={colorScheme === "auto" ? "system" : colorScheme}
        onlyRenderVisibleElements={graph.nodes.length > FEW}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        edgesReconnectable={!readOnly}
        connectionRadius={TOUCH ? 48 : 32}
        connectOnClick={false}
        autoPanOnNodeFocus={false}
        deleteKeyCode={null}
        multiSelectionKeyCode={["Shift", "Control", "Meta"]}
        selectionKeyCode="Shift"
        selectionMode={SelectionMode.Partial}
        selectNodesOnDrag={false}
        snapToGrid
        snapGrid={[8, 8]}
        minZoom={0.1}
        maxZoom={2}
        zoomOnDoubleClick={false}
        panOnScroll={false}
        elevateEdgesOnSelect={false}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          "node.a11yDescription.default": t`Enter opens the settings, arrow keys move the step, Delete removes it.`,
          "node.a11yDescription.keyboardDisabled": t`Enter opens the settings.`,
          "edge.a11yDescription.default": t`Delete removes the wire.`,
          "minimap.ariaLabel": t`Small map of the scenario`,
          "handle.ariaLabel": t`Way out`,
          "node.a11yDescription.ariaLiveMessage": () => t`The step was moved.`,
        }}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} />
        <LoopFrames />
        <LandingPreview />
        {view.minimap && graph.nodes.length > 0 && <SmallMap />}
      </ReactFlow>
    </div>
  );
}
