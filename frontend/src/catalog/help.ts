// The first sentence of a node type's help: what it does, short enough for a list.

export function firstSentence(help: string): string {
  return /^.*?[.!?](\s|$)/.exec(help)?.[0].trim() ?? help;
}
