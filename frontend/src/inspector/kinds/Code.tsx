// Python in an editor that knows its colours and indents. Tab leaves the field, as in any other: nobody is trapped.
import { useEffect, useRef } from "react";
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, placeholder as hint } from "@codemirror/view";
import { useLingui } from "@lingui/react/macro";
import { tags } from "@lezer/highlight";
import type { Json } from "../../graph/types";
import { asText } from "../../graph/values";
import { type FieldProps, useForm } from "../context";
import "./code.css";

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword], class: "code-keyword" },
  { tag: [tags.string, tags.special(tags.string)], class: "code-string" },
  { tag: [tags.number, tags.bool, tags.null], class: "code-number" },
  { tag: tags.comment, class: "code-comment" },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName)], class: "code-name" },
]);

export function CodeField({
  label,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  placeholder,
}: FieldProps<Json | undefined>) {
  const { t } = useLingui();
  const { readOnly, onBlur } = useForm();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const text = asText(value);
  const told = useRef({ onChange, onBlur });
  useEffect(() => {
    told.current = { onChange, onBlur };
  });
  const first = useRef(text);
  const keys = t`Tab leaves the field; Ctrl+] and Ctrl+[ indent.`;

  useEffect(() => {
    if (!host.current) return;
    const attributes: Record<string, string> = { "aria-label": `${label}. ${keys}`, spellcheck: "false" };
    if (id !== undefined) attributes.id = id;
    if (describedBy !== undefined) attributes["aria-describedby"] = describedBy;
    if (readOnly) attributes["aria-readonly"] = "true";
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          history(),
          python(),
          indentUnit.of("    "),
          bracketMatching(),
          syntaxHighlighting(COLOURS),
          hint(placeholder ?? ""),
          // Without a key for Tab, the browser's own holds: on to the next field.
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of(attributes),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((one) => one.annotation(Transaction.remote)))
              return;
            told.current.onChange(update.state.doc.toString());
          }),
          EditorView.domEventHandlers({ blur: () => told.current.onBlur() }),
        ],
      }),
    });
    view.current = made;
    return () => {
      first.current = made.state.doc.toString();
      made.destroy();
      view.current = null;
    };
  }, [label, keys, id, describedBy, readOnly, placeholder]);

  // Undone, or changed by somebody else: the text follows, the caret stays as near as it can.
  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === text) return;
    made.dispatch({
      changes: { from: 0, to: made.state.doc.length, insert: text },
      annotations: [Transaction.remote.of(true), isolateHistory.of("full")],
    });
  }, [text]);

  return <div className="code-field" data-invalid={invalid} data-readonly={readOnly} ref={host} />;
}
