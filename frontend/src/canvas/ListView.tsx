// The scenario as a numbered list: when, if, then, otherwise. Every action works by keyboard, screen reader and on a phone.
import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconAlertTriangleFilled,
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconLink,
  IconPlus,
  IconPower,
  IconSettings,
  IconTrash,
} from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { TypeIcon } from "../catalog/icons";
import { summaryOf } from "../catalog/summary";
import { portName, REFUSALS } from "../catalog/words";
import { ERROR_PORT } from "../graph/failure";
import { LOOP_TYPE } from "../graph/loops";
import { outline, type Row, type Via } from "../graph/outline";
import { portsOf } from "../graph/ports";
import { refusal } from "../graph/reach";
import type { EdgeJson, NodeJson } from "../graph/types";
import { useBuilder } from "./builder";
import { useStepWords } from "./stepWords";
import type { Actions } from "./useActions";
import { useSwap } from "./useSwap";
import { useView } from "./view";
import "./list.css";

export function ListView({ actions }: { actions: Actions }) {
  const { t } = useLingui();
  const { graph, types, readOnly } = useBuilder();
  const rows = outline(graph, types);
  return (
    <div className="list-view" data-testid="list-view">
      <ol className="list-rows" aria-label={t`Steps of the scenario`}>
        {rows.map((row, i) => (
          <li
            key={rowKey(row, i)}
            className="list-row"
            data-row={row.kind}
            style={{ "--depth": row.depth } as React.CSSProperties}
          >
            <RowView row={row} actions={actions} />
          </li>
        ))}
      </ol>
      {!readOnly && (
        <Button
          className="list-start"
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={(event) => addAt(event.currentTarget, null)}
        >
          {graph.nodes.length === 0 ? (
            <Trans>Choose what starts the scenario</Trans>
          ) : (
            <Trans>Add another start</Trans>
          )}
        </Button>
      )}
    </div>
  );
}

function rowKey(row: Row, i: number): string {
  if (row.kind === "step") return row.node.id;
  if (row.kind === "branch") return `${row.node.id}:${row.port.id}`;
  return `${row.kind}${i}`;
}

function addAt(button: Element, after: Via | null): void {
  const box = button.getBoundingClientRect();
  useView.getState().select([]);
  useView.getState().add({ x: box.left, y: box.bottom + 6, landing: after ? { after } : {}, at: null });
}

function RowView({ row, actions }: { row: Row; actions: Actions }) {
  switch (row.kind) {
    case "step":
      return <StepRow row={row} actions={actions} />;
    case "branch":
      return <BranchRow row={row} />;
    case "parallel":
      return (
        <span className="list-branch">
          {row.index === 0 ? <Trans>at the same time:</Trans> : <Trans>and:</Trans>}
        </span>
      );
    case "goto":
      return <GotoRow row={row} />;
    case "end":
      return <EndRow after={row.after} />;
    default:
      return (
        <h2 className="list-loose">
          <Trans>Not connected yet: these steps do not run</Trans>
        </h2>
      );
  }
}

function GotoRow({ row }: { row: Extract<Row, { kind: "goto" }> }) {
  const { graph, types } = useBuilder();
  const { number } = row;
  const name = nameOf(graph.nodes, row.node.id, types);
  return (
    <span className="list-goto">
      <Trans>
        goes on at step {number}: {name}
      </Trans>
    </span>
  );
}

/** "if yes", "otherwise": the way back of a two-way condition needs no name of its own. */
function BranchRow({ row }: { row: Extract<Row, { kind: "branch" }> }) {
  const { i18n } = useLingui();
  const name = portName(i18n, row.port);
  const { id } = row.port;
  return (
    <span className="list-branch">
      {row.node.type === LOOP_TYPE && id === "item" ? (
        <Trans>for each item:</Trans>
      ) : row.node.type === LOOP_TYPE && id === "done" ? (
        <Trans>when all items are done:</Trans>
      ) : id === "else" || id === "false" ? (
        <Trans>otherwise ({name}):</Trans>
      ) : id === ERROR_PORT || id === "out" ? (
        <Trans>{name}:</Trans>
      ) : (
        <Trans>if “{name}”:</Trans>
      )}
    </span>
  );
}

function EndRow({ after }: { after: Via }) {
  const { t } = useLingui();
  const { graph, types, readOnly } = useBuilder();
  if (readOnly) return <span className="list-goto">{t`the end`}</span>;
  const node = graph.nodes.find((one) => one.id === after.source);
  const name = node ? node.title || (types.get(node.type)?.title ?? node.type) : "";
  return (
    <span className="list-end">
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} />}
        aria-label={t`Add a step after ${name}`}
        data-testid={`list-add-${after.source}-${after.port}`}
        onClick={(event) => addAt(event.currentTarget, after)}
      >
        <Trans>Add a step</Trans>
      </Button>
      <ConnectMenu after={after} name={name} />
    </span>
  );
}

/** Lead an open end to a step that is already there: a join, without a mouse. */
function ConnectMenu({ after, name }: { after: Via; name: string }) {
  const { t, i18n } = useLingui();
  const { graph, types, commands } = useBuilder();
  const say = useView((view) => view.say);
  const edgeTo = (node: NodeJson): EdgeJson => ({ ...after, target: node.id });
  const possible = graph.nodes.filter((node) => refusal(graph, types, edgeTo(node)) === null);
  if (possible.length === 0) return null;
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconLink size={14} />}
          aria-label={t`Lead ${name} to an existing step`}
        >
          <Trans>Lead to a step…</Trans>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {possible.map((node) => (
          <Menu.Item
            key={node.id}
            onClick={() => {
              const reason = commands.connect(edgeTo(node));
              if (reason) say(i18n._(REFUSALS[reason]));
            }}
          >
            {node.title || (types.get(node.type)?.title ?? node.type)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function StepRow({ row, actions }: { row: Extract<Row, { kind: "step" }>; actions: Actions }) {
  const { i18n, t } = useLingui();
  const { graph, types, problems, overlay, readOnly } = useBuilder();
  const opened = useView((view) => view.opened === row.node.id);
  const { role, status, shortTime, items } = useStepWords();
  const { node } = row;
  const type = types.get(node.type);
  const title = node.title || (type?.title ?? node.type);
  const summary = summaryOf(node, { i18n, graph, types });
  const wrong = problems.get(node.id) ?? [];
  const live = overlay?.steps.get(node.id);
  return (
    <div
      className="list-step"
      data-kind={(type?.kind ?? "ACTION").toLowerCase()}
      data-opened={opened}
      data-disabled={node.disabled}
      data-live={live?.status.toLowerCase()}
      data-testid={`list-${node.id}`}
    >
      <span className="list-number">{row.number}</span>
      <TypeIcon type={type} size={34} />
      <button type="button" className="list-open" aria-expanded={opened} onClick={() => openStep(node.id)}>
        <span className="list-role">{role(type?.kind ?? "ACTION")}</span>
        <span className="list-title">{title}</span>
        {summary !== "" && <span className="list-summary">{summary}</span>}
        {node.disabled && (
          <span className="list-summary">
            <Trans>switched off</Trans>
          </span>
        )}
        {live && (
          <span className="list-state" data-live={live.status.toLowerCase()}>
            {status(live.status)}
            {live.counts && ` · ${items(live.counts)}`}
            {live.ms !== null && live.status !== "SKIPPED" && ` · ${shortTime(live.ms)}`}
          </span>
        )}
        {wrong.map((problem, i) => (
          <span key={i} className="list-problem" data-warning={problem.warning}>
            <IconAlertTriangleFilled size={13} aria-hidden /> {problem.message}
          </span>
        ))}
      </button>
      {!readOnly && (
        <StepMenu node={node} via={row.via} title={title} actions={actions} label={t`More for ${title}`} />
      )}
    </div>
  );
}

function openStep(id: string): void {
  const { select, open } = useView.getState();
  select([id]);
  open(id);
}

interface StepMenuProps {
  node: NodeJson;
  via: Via | null;
  title: string;
  label: string;
  actions: Actions;
}

function StepMenu({ node, via, label, actions }: StepMenuProps) {
  const { graph, types } = useBuilder();
  const swap = useSwap(node, via);
  const ports = portsOf(node, types.get(node.type));
  const only = ports.length === 1 ? ports[0] : undefined;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconSettings size={16} />} onClick={() => openStep(node.id)}>
          <Trans>Settings</Trans>
        </Menu.Item>
        {via && (
          <Menu.Item leftSection={<IconPlus size={16} />} onClick={() => insertBefore(via, node)}>
            <Trans>Insert a step before</Trans>
          </Menu.Item>
        )}
        {only && (
          <Menu.Item
            leftSection={<IconPlus size={16} />}
            onClick={() => addAt(document.activeElement ?? document.body, { source: node.id, port: only.id })}
          >
            <Trans>Add a parallel step after</Trans>
          </Menu.Item>
        )}
        {swap.up && (
          <Menu.Item leftSection={<IconArrowUp size={16} />} onClick={swap.up}>
            <Trans>Move up</Trans>
          </Menu.Item>
        )}
        {swap.down && (
          <Menu.Item leftSection={<IconArrowDown size={16} />} onClick={swap.down}>
            <Trans>Move down</Trans>
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => actions.duplicate([node.id])}>
          <Trans>Duplicate</Trans>
        </Menu.Item>
        <Menu.Item leftSection={<IconPower size={16} />} onClick={() => actions.toggleDisabled([node.id])}>
          {node.disabled ? <Trans>Switch on</Trans> : <Trans>Switch off</Trans>}
        </Menu.Item>
        <Menu.Divider />
        {graph.edges
          .filter((edge) => edge.target === node.id)
          .map((edge) => (
            <CutItem key={`${edge.source}${edge.port}`} edge={edge} />
          ))}
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() => actions.remove([node.id])}
        >
          <Trans>Delete</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function CutItem({ edge }: { edge: EdgeJson }) {
  const { graph, types, commands } = useBuilder();
  const name = nameOf(graph.nodes, edge.source, types);
  return (
    <Menu.Item leftSection={<IconLink size={16} />} onClick={() => commands.remove([], [edge])}>
      <Trans>Cut the wire from {name}</Trans>
    </Menu.Item>
  );
}

function nameOf(nodes: NodeJson[], id: string, types: ReturnType<typeof useBuilder>["types"]): string {
  const node = nodes.find((one) => one.id === id);
  return node ? node.title || (types.get(node.type)?.title ?? node.type) : id;
}

function insertBefore(via: Via, node: NodeJson): void {
  const box = document.querySelector(`[data-testid="list-${node.id}"]`)?.getBoundingClientRect();
  useView.getState().add({
    x: box?.left ?? 40,
    y: box?.top ?? 100,
    landing: { on: { ...via, target: node.id } },
    at: null,
  });
}
