// CodeMirror as a field of one line that grows: typing, undo of its own, chips, completion, marks.
import { type RefObject, useEffect, useRef } from "react";
import {
  acceptCompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewline, isolateHistory } from "@codemirror/commands";
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView, keymap, placeholder as hint, tooltips } from "@codemirror/view";
import type { RefPath } from "../../graph/types";
import { type ChipWords, chips, renamed } from "./chips";
import { type Ask, completion } from "./completion";
import { marks } from "./marks";

const BRACKETS = [{ closeBrackets: { brackets: ["(", "{", '"'] } }];

export interface EditorProps {
  text: string;
  onText: (text: string) => void;
  /** The caret's place while the field has the focus, else null. */
  onCaret: (caret: number | null) => void;
  onBlur: () => void;
  onPick: () => void;
  words: (path: RefPath) => ChipWords;
  ask: Ask;
  readOnly: boolean;
  focus: boolean;
  /** Of the field for screen readers; a change makes the editor anew. */
  label: string;
  id: string | undefined;
  describedBy: string | undefined;
  placeholder: string;
}

export function useEditor(host: RefObject<HTMLDivElement | null>, props: EditorProps) {
  const { text, label, id, describedBy, readOnly, placeholder, words } = props;
  const view = useRef<EditorView | null>(null);
  const told = useRef(props);
  useEffect(() => {
    told.current = props;
  });
  const first = useRef({ text, focus: props.focus });

  useEffect(() => {
    if (!host.current) return;
    const attributes: Record<string, string> = { "aria-label": label, spellcheck: "false" };
    if (id !== undefined) attributes.id = id;
    if (describedBy !== undefined) attributes["aria-describedby"] = describedBy;
    if (readOnly) attributes["aria-readonly"] = "true";
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first.current.text,
        selection: { anchor: first.current.text.length },
        extensions: [
          history(),
          closeBrackets(),
          EditorState.languageData.of(() => BRACKETS),
          completion(() => told.current.ask),
          // Over everything: the panel around the field cuts off what hangs out of it.
          tooltips({ parent: document.body, position: "fixed" }),
          chips((path) => told.current.words(path)),
          marks,
          hint(placeholder),
          keymap.of([
            { key: "Tab", run: takeOffer },
            { key: "Alt-ArrowDown", run: () => (told.current.onPick(), true) },
            ...closeBracketsKeymap,
            ...completionKeymap,
            { key: "Shift-Enter", run: insertNewline },
            { key: "Alt-Enter", run: insertNewline },
            // One line, like the other fields; where Enter means something, the list is open.
            { key: "Enter", run: () => true },
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of(attributes),
          EditorView.updateListener.of((update) => {
            const remote = update.transactions.some((one) => one.annotation(Transaction.remote));
            if (update.docChanged && !remote) told.current.onText(update.state.doc.toString());
            if (update.docChanged || update.selectionSet || update.focusChanged)
              told.current.onCaret(update.view.hasFocus ? update.state.selection.main.head : null);
          }),
          EditorView.domEventHandlers({ blur: () => told.current.onBlur() }),
        ],
      }),
    });
    view.current = made;
    if (first.current.focus) made.focus();
    return () => {
      first.current = { text: made.state.doc.toString(), focus: made.hasFocus };
      made.destroy();
      view.current = null;
    };
  }, [host, label, id, describedBy, readOnly, placeholder]);

  // Undone, or changed by somebody else: the text follows, the field's own undo never goes behind it.
  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === text) return;
    made.dispatch({
      changes: { from: 0, to: made.state.doc.length, insert: text },
      annotations: [
        Transaction.remote.of(true),
        Transaction.addToHistory.of(false),
        isolateHistory.of("full"),
      ],
    });
  }, [text]);

  useEffect(() => {
    view.current?.dispatch({ effects: renamed.of(null) });
  }, [words]);
  return view;
}

/** Tab takes what is offered, as in a spreadsheet; with no list, and none about to open, it leaves the field. */
function takeOffer(view: EditorView): boolean {
  return acceptCompletion(view) || completionStatus(view.state) === "pending";
}

/** Puts words where the caret is; `back`: how far before their end it then stands. */
export function insert(view: EditorView | null, words: string, back = 0): void {
  if (!view) return;
  const { from, to } = view.state.selection.main;
  view.dispatch({
    changes: { from, to, insert: words },
    selection: { anchor: from + words.length - back },
    userEvent: "input.insert",
  });
  view.focus();
}
