// What keys, buttons and menus do with the selected steps, in one place for the canvas and the list.
import { useMemo } from "react";
import { useLingui } from "@lingui/react/macro";
import { deedWords } from "../catalog/words";
import { copyText, parseClip } from "../graph/clip";
import { bounds, GRID, rectOf, snap } from "../graph/geometry";
import type { Position } from "../graph/types";
import { tidy } from "../graph/layout";
import { edgeId } from "../graph/types";
import { useBuilder } from "./builder";
import { useView } from "./view";

const NEXT_TO = { x: 4 * GRID, y: 4 * GRID };

export function useActions() {
  const { t, i18n } = useLingui();
  const { doc, commands, types, readOnly } = useBuilder();
  return useMemo(() => {
    const view = useView.getState;
    const chosen = () => {
      const { nodes, edges } = view();
      const all = doc.toJSON();
      return {
        nodes: all.nodes.filter((node) => nodes.has(node.id)).map((node) => node.id),
        edges: all.edges.filter((edge) => edges.has(edgeId(edge))),
      };
    };
    const dropMissing = () => {
      const { opened, nodes } = view();
      const alive = new Set(doc.toJSON().nodes.map((node) => node.id));
      if (opened !== null && !alive.has(opened)) view().open(null);
      view().select([...nodes].filter((id) => alive.has(id)));
    };
    const undo = () => {
      const deed = doc.history.undo();
      const words = deed && deedWords(i18n, deed);
      view().say(words ? t`Undone: ${words}` : t`There is nothing to undo.`);
      dropMissing();
    };
    const redo = () => {
      const deed = doc.history.redo();
      const words = deed && deedWords(i18n, deed);
      view().say(words ? t`Done again: ${words}` : t`There is nothing to do again.`);
      dropMissing();
    };
    const remove = (ids?: string[]) => {
      const { nodes, edges } = ids ? { nodes: ids, edges: [] } : chosen();
      if (nodes.length === 0 && edges.length === 0) return;
      const before = doc.history.undoDepth;
      commands.remove(nodes, edges);
      if (doc.history.undoDepth > before) view().say(nodes.length > 0 ? t`Removed.` : t`Wire removed.`, true);
      dropMissing();
    };
    const duplicate = (ids?: string[]) => {
      const nodes = ids ?? chosen().nodes;
      if (nodes.length === 0) return;
      const added = commands.paste(copyText(doc.toJSON(), new Set(nodes)), NEXT_TO, "duplicate");
      if (added) view().select(added);
    };
    const copied = () => copyText(doc.toJSON(), new Set(chosen().nodes));
    /** True when the text held steps. */
    const paste = (text: string, at: Position | null): boolean => {
      const clip = parseClip(text);
      if (!clip) return false;
      const box = bounds(clip.nodes.map((node) => rectOf(node, types)));
      const offset = at
        ? snap({ x: at.x - box.x - box.width / 2, y: at.y - box.y - box.height / 2 })
        : NEXT_TO;
      const added = commands.paste(text, offset);
      if (added) view().select(added);
      return true;
    };
    return {
      readOnly,
      chosen,
      undo,
      redo,
      remove,
      duplicate,
      copied,
      paste,
      selectAll: () => view().select(doc.toJSON().nodes.map((node) => node.id)),
      tidyUp: async () => {
        const { nodes } = view();
        const only = nodes.size > 1 ? nodes : undefined;
        const places = await tidy(doc.toJSON(), types, only);
        commands.moveNodes(places, "tidy");
      },
      toggleDisabled: (ids?: string[]) => {
        const nodes = ids ?? chosen().nodes;
        const all = doc.toJSON().nodes.filter((node) => nodes.includes(node.id));
        const triggers = all.some((node) => types.get(node.type)?.kind === "TRIGGER");
        commands.setDisabled(nodes, !all.every((node) => node.disabled));
        if (triggers) view().say(t`A trigger that is switched off starts nothing.`);
      },
    };
  }, [doc, commands, types, readOnly, t, i18n]);
}

export type Actions = ReturnType<typeof useActions>;
