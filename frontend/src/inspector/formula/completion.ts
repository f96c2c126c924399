// The list that opens while a formula is typed: functions in the person's language, steps by title, their fields.
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
} from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { toUnits } from "./offsets";
import type { Offer } from "./useHelp";

const TYPING = /[\p{L}\p{N}_@.]$/u;

export type Ask = (text: string, caret: number) => Promise<Offer[]>;

export function completion(ask: () => Ask) {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString();
    const head = text.slice(0, context.pos);
    if (!context.explicit && (!TYPING.test(head) || /(^|[^\p{L}\p{N}_.\]])\d+(\.\d*)?$/u.test(head)))
      return null;
    const offers = await ask()(text, context.pos);
    const [first] = offers;
    if (!first || context.aborted) return null;
    return {
      from: toUnits(text, first.start),
      options: offers.map(optionOf),
      filter: false,
    };
  };
  return autocompletion({
    override: [source],
    icons: false,
    activateOnTypingDelay: 80,
    interactionDelay: 0,
    tooltipClass: () => "formula-offers",
    optionClass: (option) => `formula-offer-${option.type ?? ""}`,
  });
}

function optionOf(offer: Offer): Completion {
  const { label, detail, help, kind, insert } = offer;
  return {
    label,
    // The name stands before it already.
    detail: kind === "function" ? detail.slice(label.length) : detail,
    type: kind,
    ...(help === "" ? {} : { info: help }),
    apply: (view, option, from, to) => put(view, option, insert, from, to),
  };
}

function put(view: EditorView, option: Completion, insert: string, from: number, to: number): void {
  const opens = insert.endsWith("(");
  const hasOpen = opens && view.state.sliceDoc(to, to + 1) === "(";
  const text = opens ? (hasOpen ? insert.slice(0, -1) : `${insert})`) : insert;
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + insert.length },
    userEvent: "input.complete",
    annotations: pickedCompletion.of(option),
    scrollIntoView: true,
  });
}
