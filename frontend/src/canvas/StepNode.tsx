// One step on the canvas: sign of its kind, title, settings in words, ways out, problems and how it runs.
import { memo } from "react";
import { Handle, type NodeProps, Position as Side, useStore } from "@xyflow/react";
import {
  IconAlertTriangleFilled,
  IconCheck,
  IconClock,
  IconMinus,
  IconPlus,
  IconX,
} from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { firstSentence } from "../catalog/help";
import { TypeIcon } from "../catalog/icons";
import { portName } from "../catalog/words";
import { portY } from "../graph/geometry";
import type { Port } from "../graph/types";
import type { ProblemInfo, StepLive } from "./builder";
import { useStepWords } from "./stepWords";
import type { StepFlow } from "./toFlow";
import { useView } from "./view";
import "./step.css";

const FAR = 0.4;
/** Below this even the icon is a dot. */
const TINY = 0.2;

export const StepNode = memo(function StepNode({ data, selected }: NodeProps<StepFlow>) {
  const { node, type, ports, summary, problems, live, readOnly } = data;
  const far = useStore((state) => state.transform[2] < FAR);
  const tiny = useStore((state) => state.transform[2] < TINY);
  const kind = (type?.kind ?? "ACTION").toLowerCase();
  const { role, shortTime, items } = useStepWords();
  const { i18n } = useLingui();
  const title = node.title || (type?.title ?? node.type);
  return (
    <div
      className="step"
      data-kind={kind}
      data-selected={selected}
      data-live={live?.status.toLowerCase()}
      data-disabled={node.disabled}
      data-aimed={data.aimed}
      data-broken={problems?.some((problem) => !problem.warning)}
      data-far={far}
    >
      {!far && type?.kind !== "TRIGGER" && (
        <Handle
          id="in"
          type="target"
          position={Side.Left}
          className="step-in"
          isConnectableStart={false}
          style={{ top: 38 }}
        />
      )}
      <div className="step-head">
        {!tiny && <TypeIcon type={type} size={far ? 52 : 42} />}
        {!far && (
          <div className="step-words">
            <div className="step-role">
              <span className="step-role-word">{role(type?.kind ?? "ACTION")}</span>
              {node.title !== "" && type && type.title !== role(type.kind) && (
                <span className="step-type">{type.title}</span>
              )}
              {node.disabled && (
                <span className="step-off">
                  <Trans>switched off</Trans>
                </span>
              )}
              {live?.counts ? (
                <span className="step-time" data-failed={live.counts.failed > 0}>
                  {items(live.counts)}
                </span>
              ) : (
                live &&
                live.ms !== null &&
                live.status !== "SKIPPED" && <span className="step-time">{shortTime(live.ms)}</span>
              )}
            </div>
            <div className="step-title" title={title}>
              {title}
            </div>
            <div className="step-summary" title={summary}>
              {summary || (type ? firstSentence(type.help) : <Trans>No plugin provides this step</Trans>)}
            </div>
          </div>
        )}
      </div>
      {ports.length > 1 && !far && (
        <ul className="step-ports">
          {ports.map((port) => (
            <li key={port.id} data-port={port.id}>
              {portName(i18n, port)}
            </li>
          ))}
        </ul>
      )}
      {!far &&
        ports.map((port, i) => (
          <OutHandle
            key={port.id}
            port={port}
            top={portY(i, ports.length)}
            nodeId={node.id}
            title={title}
            way={ports.length > 1 ? portName(i18n, port) : ""}
            open={!readOnly && data.openPorts.split(" ").includes(port.id)}
          />
        ))}
      {live && <LiveMark live={live} />}
      {!far && problems && problems.length > 0 && <ProblemStrip problems={problems} />}
    </div>
  );
});

interface OutHandleProps {
  port: Port;
  top: number;
  nodeId: string;
  title: string;
  /** Its name, where there are several ways out. */
  way: string;
  open: boolean;
}

function OutHandle({ port, top, nodeId, title, way, open }: OutHandleProps) {
  const { t } = useLingui();
  const add = useView((view) => view.add);
  const label = way === "" ? t`Add a step after ${title}` : t`Add a step after ${title}: ${way}`;
  return (
    <Handle
      id={port.id}
      type="source"
      position={Side.Right}
      className="step-out"
      data-port={port.id}
      data-open={open}
      isConnectableEnd={false}
      style={{ top }}
    >
      {open && (
        <button
          type="button"
          className="step-add"
          aria-label={label}
          title={label}
          data-testid={`add-after-${nodeId}-${port.id}`}
          onClick={(event) => {
            event.stopPropagation();
            const box = event.currentTarget.getBoundingClientRect();
            add({
              x: box.right + 8,
              y: box.top - 12,
              landing: { after: { source: nodeId, port: port.id } },
              at: null,
            });
          }}
        >
          <IconPlus size={14} stroke={2.25} aria-hidden />
        </button>
      )}
    </Handle>
  );
}

function LiveMark({ live }: { live: StepLive }) {
  const { status } = useStepWords();
  const Sign = { DONE: IconCheck, FAILED: IconX, WAITING: IconClock, SKIPPED: IconMinus, RUNNING: null }[
    live.status
  ];
  return (
    <span className="step-live" title={status(live.status)}>
      {Sign ? <Sign size={14} stroke={3} aria-hidden /> : <span className="step-spin" aria-hidden />}
      <span className="visually-hidden">{status(live.status)}</span>
    </span>
  );
}

function ProblemStrip({ problems }: { problems: ProblemInfo[] }) {
  const first = problems[0];
  if (!first) return null;
  return (
    <div className="step-problem" data-warning={first.warning} title={`${first.message} ${first.fix}`}>
      <IconAlertTriangleFilled size={13} aria-hidden />
      <span className="step-problem-words">{first.message}</span>
      {problems.length > 1 && <span>+{problems.length - 1}</span>}
    </div>
  );
}
