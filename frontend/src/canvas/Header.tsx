// The head of the builder: what scenario this is, whether it is saved, how to look at it, publish it, run it.
import { useState } from "react";
import { ActionIcon, SegmentedControl, Switch, Tooltip } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconAlertTriangle,
  IconArrowLeft,
  IconHistory,
  IconList,
  IconSitemap,
} from "@tabler/icons-react";
import { useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { useClient } from "urql";
import { SwitchScenarioDocument } from "../api/generated/builder";
import type { ProblemInfo } from "./builder";
import { Publish, RunNow } from "./parts";
import { SaveMark } from "./SaveMark";
import { useBuilder } from "./builder";
import type { OpenScenario } from "./useScenario";
import { type Side, useView } from "./view";

interface HeaderProps {
  open: OpenScenario;
  problems: ProblemInfo[];
  onStarted: (runId: string) => void;
}

export function Header({ open, problems, onStarted }: HeaderProps) {
  const { t } = useLingui();
  const { types, readOnly } = useBuilder();
  const mode = useView((view) => view.mode);
  const setMode = useView((view) => view.setMode);
  const manual = open.graph.nodes.find((node) => types.get(node.type)?.start === "manual");
  const errors = problems.filter((problem) => !problem.warning).length;
  return (
    <header className="builder-head">
      <Tooltip label={t`All scenarios`}>
        <ActionIcon
          component={Link}
          to="/scenarios"
          variant="subtle"
          color="gray"
          aria-label={t`All scenarios`}
        >
          <IconArrowLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <div className="builder-name">
        <h1 className="visually-hidden">{open.graph.title || t`Untitled scenario`}</h1>
        <input
          className="builder-title"
          aria-label={t`Name of the scenario`}
          placeholder={t`Untitled scenario`}
          value={open.graph.title}
          readOnly={readOnly}
          maxLength={200}
          onChange={(event) => open.commands.setTitle(event.currentTarget.value)}
          onBlur={() => open.doc.history.endTyping()}
          onKeyDown={(event) => {
            if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
          }}
        />
        {!readOnly && <SaveMark open={open} />}
      </div>
      <div className="builder-tools">
        <SegmentedControl
          size="xs"
          aria-label={t`How to look at it`}
          value={mode}
          onChange={(next) => setMode(next === "list" ? "list" : "canvas")}
          data={[
            { value: "canvas", label: <ModeLabel icon="canvas" words={t`Canvas`} /> },
            { value: "list", label: <ModeLabel icon="list" words={t`List`} /> },
          ]}
        />
        <span className="counted">
          <SideButton side="problems" label={errors === 0 ? t`Problems: none` : t`Problems: ${errors}`}>
            <IconAlertTriangle size={18} stroke={1.75} />
          </SideButton>
          {errors > 0 && (
            <span className="count" aria-hidden>
              {errors}
            </span>
          )}
        </span>
        <SideButton side="settings" label={t`Settings of the scenario`}>
          <IconAdjustmentsHorizontal size={18} stroke={1.75} />
        </SideButton>
        <SideButton side="versions" label={t`Versions`}>
          <IconHistory size={18} stroke={1.75} />
        </SideButton>
        {!readOnly && open.scenario.published && <OnOff open={open} />}
        {!readOnly && manual && <RunNow open={open} trigger={manual} onStarted={onStarted} />}
        {!readOnly && (
          <span className="publish-place">
            <Publish open={open} problems={problems} />
          </span>
        )}
      </div>
    </header>
  );
}

function ModeLabel({ icon, words }: { icon: "canvas" | "list"; words: string }) {
  const Sign = icon === "canvas" ? IconSitemap : IconList;
  return (
    <span className="mode-label">
      <Sign size={15} aria-hidden />
      <span>{words}</span>
    </span>
  );
}

function SideButton({ side, label, children }: { side: Side; label: string; children: React.ReactNode }) {
  const now = useView((view) => view.side);
  const setSide = useView((view) => view.setSide);
  const open = useView((view) => view.open);
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        aria-pressed={now === side}
        data-pressed={now === side}
        onClick={() => {
          open(null);
          setSide(now === side ? null : side);
        }}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function OnOff({ open }: { open: OpenScenario }) {
  const { t } = useLingui();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const { scenario, learn } = open;
  const set = async (enabled: boolean) => {
    setBusy(true);
    const { data, error } = await client
      .mutation(SwitchScenarioDocument, { id: scenario.id, enabled })
      .toPromise();
    setBusy(false);
    const answer = data?.setScenarioEnabled;
    if (answer?.scenario) learn({ enabled: answer.scenario.enabled });
    else
      useView
        .getState()
        .say(
          answer?.problems[0]?.message ??
            error?.graphQLErrors[0]?.message ??
            t`The server does not answer. Try again.`,
        );
  };
  return (
    <Switch
      size="sm"
      checked={scenario.enabled}
      disabled={busy}
      aria-label={t`The scenario is switched on`}
      label={
        scenario.enabled
          ? t({ message: "On", context: "scenario" })
          : t({ message: "Off", context: "scenario" })
      }
      onChange={(event) => void set(event.currentTarget.checked)}
      data-testid="on-off"
    />
  );
}
