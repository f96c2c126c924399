// The one editable line of the inspector: words, a pill, words with pills between them, or a formula.
import { type KeyboardEvent, useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { ActionIcon, Popover, Tooltip } from "@mantine/core";
import { IconDatabasePlus, IconMathFunction } from "@tabler/icons-react";
import { useLingui } from "@lingui/react/macro";
import { asFormula, asWords, valueFromParts } from "../graph/literal";
import { pillLabel } from "../graph/pills";
import type { Json, RefPath } from "../graph/types";
import { isFormula, sameJson, toParts } from "../graph/values";
import { type FieldProps, useForm } from "./context";
import { FormulaField } from "./formula/later";
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

/** Words and pills, and the way to a formula and back; what was typed goes along. */
export function PillText(props: PillTextProps) {
  const { value, onChange, mode } = props;
  const [switched, setSwitched] = useState(false);
  if (isFormula(value)) {
    return (
      <FormulaField
        {...props}
        text={value.$formula}
        focus={switched}
        onText={(text) => onChange({ $formula: text })}
        onWords={() => {
          setSwitched(true);
          onChange(asWords(value.$formula, mode));
        }}
      />
    );
  }
  const toFormula = () => {
    setSwitched(true);
    onChange(asFormula(value));
  };
  return <PillLine {...props} focus={switched} onFormula={toFormula} />;
}

interface PillLineProps extends PillTextProps {
  /** It has just been made of a formula: the caret goes on where the person is. */
  focus: boolean;
  onFormula: () => void;
}

function PillLine(props: PillLineProps) {
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
    const parts = read(root);
    // As in a spreadsheet: an equals sign at the beginning begins a formula.
    if (mode !== "template" && parts[0] === "=" && toParts(value).length === 0) {
      props.onFormula();
      return;
    }
    const next = valueFromParts(parts, mode);
    if (!sameJson(next, value ?? "")) onChange(next);
  };

  const { focus } = props;
  useEffect(() => {
    if (focus) editor.current?.focus();
  }, [focus]);

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
            <Tooltip label={t`Reckon it by a formula`}>
              <ActionIcon
                className="pill-text-add pill-text-formula"
                variant="subtle"
                size="sm"
                aria-label={t`Use a formula: ${label}`}
                onClick={props.onFormula}
              >
                <IconMathFunction size={16} stroke={1.75} />
              </ActionIcon>
            </Tooltip>
          )}
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
