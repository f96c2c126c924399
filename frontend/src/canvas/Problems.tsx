// What is wrong with the scenario, in words, each with a way to the place.
import { CloseButton, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangleFilled, IconCircleCheck } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useReactFlow } from "@xyflow/react";
import { HEAD_HEIGHT, NODE_WIDTH } from "../graph/geometry";
import { type ProblemInfo, useBuilder } from "./builder";
import { useView } from "./view";
import "./side.css";

interface ProblemRowsProps {
  problems: ProblemInfo[];
  onGo?: () => void;
}

export function ProblemRows({ problems, onGo }: ProblemRowsProps) {
  const { graph, types } = useBuilder();
  const goTo = useGoTo();
  return (
    <ul className="problem-rows">
      {problems.map((problem, i) => {
        const node = graph.nodes.find((one) => one.id === problem.nodeId);
        const words = (
          <>
            <IconAlertTriangleFilled size={15} aria-hidden />
            <span>
              {node && <strong>{node.title || (types.get(node.type)?.title ?? node.type)}: </strong>}
              {problem.message} <span className="problem-fix">{problem.fix}</span>
            </span>
          </>
        );
        return (
          <li key={i} data-warning={problem.warning}>
            {node ? (
              <UnstyledButton
                className="problem-row"
                onClick={() => {
                  goTo(node.id);
                  onGo?.();
                }}
              >
                {words}
              </UnstyledButton>
            ) : (
              <div className="problem-row">{words}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

export function ProblemsPanel({ problems }: { problems: ProblemInfo[] }) {
  const { t } = useLingui();
  const setSide = useView((view) => view.setSide);
  return (
    <aside className="side-panel" aria-label={t`Problems`} data-canvas-panel>
      <header className="side-head">
        <h2>
          <Trans>Problems</Trans>
        </h2>
        <CloseButton aria-label={t`Close the problems`} onClick={() => setSide(null)} />
      </header>
      <div className="side-body">
        {problems.length === 0 ? (
          <Text size="sm" c="dimmed" className="all-well">
            <IconCircleCheck size={18} aria-hidden />{" "}
            <Trans>Nothing is wrong. The scenario can be published.</Trans>
          </Text>
        ) : (
          <ProblemRows problems={problems} />
        )}
      </div>
    </aside>
  );
}

/** Bring a step into view, choose it and open its settings. */
export function useGoTo(): (id: string) => void {
  const { graph } = useBuilder();
  const flow = useReactFlow();
  return (id) => {
    const { select, open, mode } = useView.getState();
    const node = graph.nodes.find((one) => one.id === id);
    if (!node) return;
    select([id]);
    open(id);
    if (mode === "list") return;
    const { x, y } = node.position;
    void flow.setCenter(x + NODE_WIDTH / 2 + 120, y + HEAD_HEIGHT / 2, {
      zoom: Math.max(0.8, flow.getZoom()),
      duration: 250,
    });
  };
}
