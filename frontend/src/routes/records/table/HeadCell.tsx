// The head of a column: sorts by a click, is widened by dragging its edge or with Shift and the arrows.
import { UnstyledButton } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { type Field, isNumber } from "../model";
import css from "./table.module.css";
import type { Views } from "./Toolbar";
import type { View } from "./views";

const usualWidths: Record<string, number> = {
  text: 200,
  longtext: 260,
  relation: 180,
  email: 200,
  datetime: 180,
  boolean: 110,
  number: 130,
  date: 140,
};

export const widthOf = (field: Field, view: View): number =>
  view.widths[field.key] ?? usualWidths[field.shownAs] ?? 160;

const within = (width: number) => Math.round(Math.max(80, Math.min(width, 800)));
const unsorted = new Set(["choices", "longtext"]);

export function HeadCell({ field, views }: { field: Field; views: Views }) {
  const { t } = useLingui();
  const { view, set } = views;
  const [drag, setDrag] = useState<{ from: number; width: number } | null>(null);
  const width = widthOf(field, view);
  const sorted = view.sort?.field === field.key ? view.sort : null;
  const resize = (to: number) => set({ widths: { ...view.widths, [field.key]: within(to) } });
  const sort = () => {
    if (!sorted) set({ sort: { field: field.key, descending: false } });
    else set({ sort: sorted.descending ? null : { field: field.key, descending: true } });
  };
  const onKeys = (event: KeyboardEvent) => {
    if (!event.shiftKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    resize(width + (event.key === "ArrowRight" ? 20 : -20));
  };
  const grip = {
    onPointerDown: (event: PointerEvent) => {
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ from: event.clientX, width });
    },
    onPointerMove: (event: PointerEvent) => {
      if (drag) resize(drag.width + event.clientX - drag.from);
    },
    onPointerUp: () => setDrag(null),
    onPointerCancel: () => setDrag(null),
  };
  const Arrow = sorted?.descending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      aria-sort={sorted ? (sorted.descending ? "descending" : "ascending") : "none"}
      data-number={isNumber(field) || undefined}
    >
      {unsorted.has(field.shownAs) ? (
        <span className={css.head}>{field.name}</span>
      ) : (
        <UnstyledButton
          className={css.head}
          onClick={sort}
          onKeyDown={onKeys}
          title={t`${{ name: field.name }}: sort; Shift and arrows change the width`}
        >
          <span className={css.headWord}>{field.name}</span>
          {sorted && <Arrow size={14} aria-hidden />}
        </UnstyledButton>
      )}
      <span className={css.grip} aria-hidden {...grip} />
    </th>
  );
}
