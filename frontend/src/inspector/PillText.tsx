// The one editable line of the inspector: words, a pill, or words with pills between them.
import { type KeyboardEvent, useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { ActionIcon, Popover, Tooltip } from "@mantine/core";
import { IconDatabasePlus } from "@tabler/icons-react";
import { useLingui } from "@lingui/react/macro";
import { valueFromParts } from "../graph/literal";
import { pillLabel } from "../graph/pills";
import type { Json, RefPath } from "../graph/types";
import { sameJson, toParts } from "../graph/values";
import { type FieldProps, useForm } from "./context";
import { caretAfter, chip, draw, insertChip, read, shows } from "./pillDom";
import { PillPicker } from "./PillPicker";

interface PillTextProps extends FieldProps<Json | undefined> {
  /** template: always text; value: a lone pill keeps its type; number: digits or one pill. */
  mode: "template" | "value" | "number";
  multiline?: boolean;
  /** The field is made for data: a click into the empty field offers it at once. */
  eager?: boolean;
  onEnter?: () => void;
}

export function PillText(props: PillTextProps) {
  const { label, value, onChange, mode, multiline = false, eager = false } = props;
  const { t } = useLingui();
  const form = useForm();
  const { graph, types } = form;
  const editor = useRef<HTMLDivElement>(null);
  const caret = useRef<Range | null>(null);
  const replaced = useRef<HTMLElement | null>(null);
  const [picking, setPicking] = useState(false);
  const pickerId = useId();

  const words = useCallback((path: RefPath) => pillLabel(path, graph, types), [graph, types]);

  useLayoutEffect(() => {
    const root = editor.current;
    if (!root) return;
    const parts = toParts(value);
    if (!shows(root, parts, words)) redraw(root, () => draw(root, parts, words));
  }, [value, words]);

  const emit = () => {
    const root = editor.current;
    if (!root) return;
    const next = valueFromParts(read(root), mode);
    if (!sameJson(next, value ?? "")) onChange(next);
  };

  const pick = (path: RefPath) => {
    const root = editor.current;
    if (!root) return;
    setPicking(false);
    const element = chip(path, words(path));
    if (mode === "number") root.replaceChildren();
    if (replaced.current && root.contains(replaced.current)) replaced.current.replaceWith(element);
    else insertChip(root, element, mode === "number" ? null : caret.current);
    replaced.current = null;
    emit();
    // The closing picker gives up the focus first.
    requestAnimationFrame(() => caretAfter(root, element));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      props.onEnter?.();
    }
    if (event.key === "ArrowDown" && event.altKey) {
      event.preventDefault();
      remember();
      setPicking(true);
    }
  };

  const remember = () => {
    const selection = getSelection();
    const range = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
    if (range && editor.current?.contains(range.commonAncestorContainer)) caret.current = range.cloneRange();
  };

  useEffect(() => {
    const root = editor.current;
    if (!root || form.readOnly) return;
    const onPress = (event: MouseEvent) => {
      const pressed =
        event.target instanceof Element ? event.target.closest<HTMLElement>("[data-ref]") : null;
      replaced.current = pressed;
      if (pressed || (eager && read(root).length === 0)) setPicking(true);
    };
    root.addEventListener("click", onPress);
    return () => root.removeEventListener("click", onPress);
  }, [eager, form.readOnly]);

  return (
    <Popover
      opened={picking}
      onChange={setPicking}
      position={window.innerWidth < 1000 ? "bottom-start" : "left-start"}
      withRoles={false}
      shadow="md"
      width={360}
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <div
          className="pill-text"
          data-invalid={props.invalid}
          data-multiline={multiline}
          data-readonly={form.readOnly}
        >
          <div
            ref={editor}
            id={props.id}
            className="pill-text-editor"
            contentEditable={form.readOnly ? false : "plaintext-only"}
            suppressContentEditableWarning
            role="textbox"
            tabIndex={0}
            aria-multiline={multiline}
            aria-label={label}
            aria-invalid={props.invalid}
            aria-describedby={props.describedBy}
            aria-readonly={form.readOnly}
            data-placeholder={props.placeholder}
            data-empty={toParts(value).length === 0}
            inputMode={mode === "number" ? "decimal" : "text"}
            spellCheck={mode === "template"}
            onInput={emit}
            onKeyDown={onKeyDown}
            onBlur={() => {
              remember();
              form.onBlur();
            }}
          />
          {!form.readOnly && (
            <Tooltip label={t`Insert data from an earlier step`}>
              <ActionIcon
                className="pill-text-add"
                variant="subtle"
                size="sm"
                aria-label={t`Insert data: ${label}`}
                aria-expanded={picking}
                aria-controls={pickerId}
                onClick={() => {
                  replaced.current = null;
                  setPicking((open) => !open);
                }}
              >
                <IconDatabasePlus size={16} stroke={1.75} />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
      </Popover.Target>
      <Popover.Dropdown p={0} id={pickerId}>
        {picking && <PillPicker onPick={pick} onClose={() => setPicking(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Draw anew without losing the caret when it stands at the end, where it nearly always is. */
function redraw(root: HTMLElement, change: () => void): void {
  const focused = document.activeElement === root;
  change();
  if (!focused) return;
  const selection = getSelection();
  selection?.selectAllChildren(root);
  selection?.collapseToEnd();
}
