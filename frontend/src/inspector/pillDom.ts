// The editable line as DOM: words are text, pills are sealed chips. Reading it back gives the same parts.
import type { RefPath } from "../graph/types";
import { scan } from "../graph/formula";
import { type Formula, isFormula, sameJson, type TextPart } from "../graph/values";

export interface ChipWords {
  step: string;
  field: string;
  lost: boolean;
}

export function chip(path: RefPath, words: ChipWords): HTMLElement {
  const element = document.createElement("span");
  element.className = "pill-chip";
  element.contentEditable = "false";
  element.dataset.ref = JSON.stringify(path);
  if (words.lost) element.dataset.lost = "true";
  const step = document.createElement("span");
  step.className = "pill-chip-step";
  step.textContent = words.step;
  element.append(step);
  if (words.field !== "") element.append(` ${words.field}`);
  element.title = chipTitle(words);
  return element;
}

/** A formula between the words: sealed like a pill, its data named as pills are. */
function formulaWords({ $formula }: Formula, words: (path: RefPath) => ChipWords): ChipWords {
  const field = scan($formula).spans.reduceRight(
    (made, { start, end, path }) => made.slice(0, start) + words(path).field + made.slice(end),
    $formula,
  );
  return { step: "ƒx", field, lost: false };
}

function partChip(part: Exclude<TextPart, string>, words: (path: RefPath) => ChipWords): HTMLElement {
  if (!isFormula(part)) return chip(part.$ref, words(part.$ref));
  const element = chip([], formulaWords(part, words));
  delete element.dataset.ref;
  element.dataset.formula = part.$formula;
  return element;
}

function chipTitle(words: ChipWords): string {
  return words.field === "" ? words.step : `${words.step} · ${words.field}`;
}

/** True when the line already shows exactly these parts under these names: drawing anew would lose the caret. */
export function shows(root: HTMLElement, parts: TextPart[], words: (path: RefPath) => ChipWords): boolean {
  const chips = [...root.querySelectorAll<HTMLElement>("[data-ref], [data-formula]")];
  const wanted = parts.flatMap((part) => {
    if (typeof part === "string") return [];
    return [isFormula(part) ? formulaWords(part, words) : words(part.$ref)];
  });
  return (
    sameJson(read(root), parts) &&
    chips.every((element, i) => {
      const now = wanted[i];
      return (
        now !== undefined &&
        element.title === chipTitle(now) &&
        (element.dataset.lost === "true") === now.lost
      );
    })
  );
}

export function draw(root: HTMLElement, parts: TextPart[], words: (path: RefPath) => ChipWords): void {
  const nodes = parts.map((part) =>
    typeof part === "string" ? document.createTextNode(part) : partChip(part, words),
  );
  root.replaceChildren(...nodes);
  const last = parts.at(-1);
  // A line break at the very end is only visible when something follows it.
  if (typeof last === "string" && last.endsWith("\n")) root.append("\n");
}

export function read(root: HTMLElement): TextPart[] {
  const parts: TextPart[] = [];
  const text = (piece: string) => {
    const last = parts.at(-1);
    if (typeof last === "string") parts[parts.length - 1] = last + piece;
    else parts.push(piece);
  };
  const visit = (node: Node) => {
    if (node instanceof Text) text(node.data.replaceAll("\u200B", "").replaceAll("\u00A0", " "));
    else if (node instanceof HTMLElement && node.dataset.ref !== undefined) {
      parts.push({ $ref: JSON.parse(node.dataset.ref) as RefPath });
    } else if (node instanceof HTMLElement && node.dataset.formula !== undefined) {
      parts.push({ $formula: node.dataset.formula });
    } else if (node instanceof HTMLBRElement) text("\n");
    else node.childNodes.forEach(visit);
  };
  root.childNodes.forEach(visit);
  const last = parts.at(-1);
  if (typeof last === "string" && last.endsWith("\n")) parts[parts.length - 1] = last.slice(0, -1);
  return parts.filter((part) => part !== "");
}

/** Put a chip where the caret was (`range`), or at the end; the caret then stands behind it. */
export function insertChip(root: HTMLElement, element: HTMLElement, range: Range | null): void {
  if (range && root.contains(range.commonAncestorContainer)) {
    range.deleteContents();
    range.insertNode(element);
  } else root.append(element);
  caretAfter(root, element);
}

export function caretAfter(root: HTMLElement, element: HTMLElement): void {
  root.focus();
  const selection = getSelection();
  const after = document.createRange();
  after.setStartAfter(element);
  after.collapse(true);
  selection?.removeAllRanges();
  selection?.addRange(after);
}
