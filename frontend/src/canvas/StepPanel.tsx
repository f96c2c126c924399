// The frame of an opened step: its name to edit, what can be done with it, settings and data of the shown run.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { ActionIcon, CloseButton, Menu, Tabs } from "@mantine/core";
import { IconCopy, IconDots, IconPower, IconTrash } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { TypeIcon } from "../catalog/icons";
import type { NodeJson } from "../graph/types";
import { useBuilder } from "./builder";
import { useStepWords } from "./stepWords";
import type { Actions } from "./useActions";
import { useView } from "./view";
import "./side.css";

interface StepPanelProps {
  node: NodeJson;
  actions: Actions;
  settings: ReactNode;
  /** What the step did in the shown run; null when no run is shown. */
  data: ReactNode;
}

export function StepPanel({ node, actions, settings, data }: StepPanelProps) {
  const { t } = useLingui();
  const { types, commands, readOnly } = useBuilder();
  const { role } = useStepWords();
  const close = useView((view) => view.open);
  const type = types.get(node.type);
  const name = node.title || (type?.title ?? node.type);
  const panel = useFocusBack();
  const [tab, setTab] = useState<string | null>(readOnly && data !== null ? "data" : "settings");
  const [help, setHelp] = useState(false);
  const shown = data === null ? "settings" : tab;
  return (
    <aside
      className="side-panel step-panel"
      aria-label={t`Step: ${name}`}
      data-canvas-panel
      data-testid="inspector"
      ref={panel}
    >
      <header className="step-panel-head">
        <TypeIcon type={type} size={40} />
        <div className="step-panel-names">
          <span className="step-panel-type">
            {role(type?.kind ?? "ACTION")}
            {node.title !== "" &&
              type?.title !== role(type?.kind ?? "ACTION") &&
              ` · ${type?.title ?? node.type}`}
          </span>
          <input
            className="step-panel-title"
            aria-label={t`Name of the step`}
            value={node.title}
            placeholder={type?.title ?? node.type}
            readOnly={readOnly}
            maxLength={200}
            onChange={(event) => commands.renameNode(node.id, event.currentTarget.value)}
            onBlur={() => commands.doc.history.endTyping()}
            onKeyDown={(event) => {
              if (event.key === "Enter") event.currentTarget.blur();
            }}
          />
        </div>
        {!readOnly && <StepMenu node={node} actions={actions} />}
        <CloseButton aria-label={t`Close the settings`} onClick={() => close(null)} />
      </header>
      {type?.help && (
        <p className="step-panel-help" data-open={help}>
          {type.help}{" "}
          {type.help.length > 120 && (
            <button type="button" className="link-button" onClick={() => setHelp(!help)}>
              {help ? <Trans>less</Trans> : <Trans>more</Trans>}
            </button>
          )}
        </p>
      )}
      {data === null ? (
        <div className="side-body">{settings}</div>
      ) : (
        <Tabs value={shown} onChange={setTab} className="step-tabs">
          <Tabs.List>
            <Tabs.Tab value="settings">
              <Trans>Settings</Trans>
            </Tabs.Tab>
            <Tabs.Tab value="data">
              <Trans>In this run</Trans>
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="settings" className="side-body">
            {settings}
          </Tabs.Panel>
          <Tabs.Panel value="data" className="side-body">
            {data}
          </Tabs.Panel>
        </Tabs>
      )}
    </aside>
  );
}

function StepMenu({ node, actions }: { node: NodeJson; actions: Actions }) {
  const { t } = useLingui();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="md" aria-label={t`More for this step`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => actions.duplicate([node.id])}>
          <Trans>Duplicate</Trans>
        </Menu.Item>
        <Menu.Item leftSection={<IconPower size={16} />} onClick={() => actions.toggleDisabled([node.id])}>
          {node.disabled ? <Trans>Switch on</Trans> : <Trans>Switch off</Trans>}
        </Menu.Item>
        <Menu.Divider />
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

/** Closing gives the focus back to where it was: the step on the canvas or its row in the list. */
function useFocusBack() {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const element = panel.current;
    return () => {
      const inside =
        (element?.contains(document.activeElement) ?? false) || document.activeElement === document.body;
      if (inside && before instanceof HTMLElement && before.isConnected)
        before.focus({ preventScroll: true });
    };
  }, []);
  return panel;
}
