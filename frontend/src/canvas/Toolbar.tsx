// Buttons of the canvas: undo, redo, zoom, fit, tidy up, the small map, and the hidden palette.
import type { ReactNode } from "react";
import { ActionIcon, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCopy,
  IconFocusCentered,
  IconLayoutSidebarLeftExpand,
  IconMap,
  IconMinus,
  IconPlus,
  IconSparkles,
  IconTrash,
} from "@tabler/icons-react";
import { Plural, useLingui } from "@lingui/react/macro";
import { useStore } from "@xyflow/react";
import { keyNames } from "../ui/keys";
import { useBuilder } from "./builder";
import type { Actions } from "./useActions";
import type { CanvasView } from "./useCanvasKeys";
import { useView } from "./view";
import "./over.css";

interface ToolProps {
  label: string;
  keys?: string[];
  disabled?: boolean;
  pressed?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ label, keys, disabled = false, pressed, onClick, children }: ToolProps) {
  return (
    <Tooltip label={keys ? `${label} · ${keys.join(" ")}` : label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
        data-pressed={pressed}
        // Stays focusable, so the focus is not lost after the last undo.
        {...(disabled ? { "data-disabled": true } : { onClick })}
        aria-disabled={disabled}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

export function Toolbar({ actions, canvas }: { actions: Actions; canvas: CanvasView }) {
  const { t } = useLingui();
  const { doc, readOnly } = useBuilder();
  const minimap = useView((view) => view.minimap);
  const toggleMinimap = useView((view) => view.toggleMinimap);
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <div className="toolbar" role="toolbar" aria-label={t`Canvas`} data-canvas-panel>
      {!readOnly && <UndoRedo actions={actions} depth={[doc.history.undoDepth, doc.history.redoDepth]} />}
      <Tool label={t`Zoom out`} keys={keyNames({ codes: ["Minus"], mod: true })} onClick={canvas.zoomOut}>
        <IconMinus size={18} stroke={1.75} />
      </Tool>
      <span className="toolbar-zoom" aria-label={t`Zoom: ${zoom}%`} role="img">
        {zoom}%
      </span>
      <Tool label={t`Zoom in`} keys={keyNames({ codes: ["Equal"], mod: true })} onClick={canvas.zoomIn}>
        <IconPlus size={18} stroke={1.75} />
      </Tool>
      <Tool label={t`Show everything`} keys={["Shift", "1"]} onClick={canvas.fit}>
        <IconFocusCentered size={18} stroke={1.75} />
      </Tool>
      {!readOnly && (
        <Tool label={t`Tidy up`} keys={["Shift", "T"]} onClick={() => void actions.tidyUp()}>
          <IconSparkles size={18} stroke={1.75} />
        </Tool>
      )}
      <Tool label={t`Small map`} pressed={minimap} onClick={toggleMinimap}>
        <IconMap size={18} stroke={1.75} />
      </Tool>
    </div>
  );
}

export function UndoRedo({ actions, depth }: { actions: Actions; depth: [number, number] }) {
  const { t } = useLingui();
  return (
    <>
      <Tool
        label={t`Undo`}
        keys={keyNames({ codes: ["KeyZ"], mod: true })}
        disabled={depth[0] === 0}
        onClick={actions.undo}
      >
        <IconArrowBackUp size={18} stroke={1.75} />
      </Tool>
      <Tool
        label={t`Do again`}
        keys={keyNames({ codes: ["KeyZ"], mod: true, shift: true })}
        disabled={depth[1] === 0}
        onClick={actions.redo}
      >
        <IconArrowForwardUp size={18} stroke={1.75} />
      </Tool>
    </>
  );
}

/** Over the canvas while several steps are chosen: what can be done with all of them. */
export function SelectionBar({ actions }: { actions: Actions }) {
  const { t } = useLingui();
  const count = useView((view) => view.nodes.size);
  if (count < 2 || actions.readOnly) return null;
  return (
    <div className="selection-bar" role="toolbar" aria-label={t`Selected steps`} data-canvas-panel>
      <span className="selection-count">
        <Plural value={count} one="# step" other="# steps" />
      </span>
      <Tool label={t`Duplicate`} onClick={() => actions.duplicate()}>
        <IconCopy size={18} stroke={1.75} />
      </Tool>
      <Tool label={t`Tidy up the selected`} onClick={() => void actions.tidyUp()}>
        <IconSparkles size={18} stroke={1.75} />
      </Tool>
      <Tool label={t`Delete`} onClick={() => actions.remove()}>
        <IconTrash size={18} stroke={1.75} />
      </Tool>
    </div>
  );
}

export function ShowPalette() {
  const { t } = useLingui();
  const toggle = useView((view) => view.togglePalette);
  return (
    <div className="show-palette" data-canvas-panel>
      <Tool label={t`Show the list of steps`} onClick={toggle}>
        <IconLayoutSidebarLeftExpand size={18} stroke={1.75} />
      </Tool>
    </div>
  );
}
