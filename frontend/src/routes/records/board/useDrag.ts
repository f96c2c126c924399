// Dragging a card: pointer events for mouse and touch, Space and arrows for the keyboard. The same drop for all.
import { useLingui } from "@lingui/react/macro";
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import type { Row, Stage } from "../model";
import { columnAt, stageBeside } from "./moves";

interface Wish {
  frame: RefObject<HTMLDivElement | null>;
  stages: readonly Stage[];
  drop: (row: Row, stage: Stage) => void;
  say: (words: string) => void;
}

interface Lifted {
  row: Row;
  from: number;
  /** The column it would fall into. */
  over: number;
  by: "pointer" | "keys";
  /** Where the pointer is. */
  x: number;
  y: number;
}

interface Press {
  row: Row;
  from: number;
  x: number;
  y: number;
  pointer: number;
  timer?: ReturnType<typeof setTimeout>;
}

const slack = 6;
/** A finger rests this long before the card follows it: a shorter touch scrolls. */
const rest = 220;
const edge = 40;

export interface Drag {
  lifted: Lifted | null;
  onPointerDown: (event: PointerEvent<HTMLElement>, row: Row, from: number) => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>, row: Row, from: number) => void;
  onBlur: () => void;
  /** Whether the click that ends a drag is on its way. */
  moved: () => boolean;
  stages: readonly Stage[];
}

export function useDrag({ frame, stages, drop, say }: Wish): Drag {
  const { t } = useLingui();
  const [lifted, setLifted] = useState<Lifted | null>(null);
  const press = useRef<Press | null>(null);
  const now = useRef<Lifted | null>(null);
  const ended = useRef(0);

  const set = useCallback((next: Lifted | null) => {
    now.current = next;
    setLifted(next);
  }, []);
  const stop = useCallback(() => {
    clearTimeout(press.current?.timer);
    press.current = null;
    if (now.current) ended.current = Date.now();
    set(null);
  }, [set]);
  const fall = useCallback(() => {
    const held = now.current;
    stop();
    const stage = held && stages[held.over];
    if (stage && held.over !== held.from) drop(held.row, stage);
    return stage;
  }, [drop, stages, stop]);

  useEffect(() => {
    const follow = (event: globalThis.PointerEvent) => {
      const held = press.current;
      if (held?.pointer !== event.pointerId) return;
      const dx = event.clientX - held.x;
      const dy = event.clientY - held.y;
      if (!now.current) {
        if (Math.hypot(dx, dy) < slack) return;
        // A finger that moves before it rested scrolls the board.
        if (event.pointerType === "touch") {
          stop();
          return;
        }
      }
      const boxes = [...(frame.current?.querySelectorAll("[data-column]") ?? [])].map((one) =>
        one.getBoundingClientRect(),
      );
      const over = columnAt(event.clientX, boxes);
      set({
        row: held.row,
        from: held.from,
        over: over < 0 ? held.from : over,
        by: "pointer",
        x: event.clientX,
        y: event.clientY,
      });
      nudge(frame.current, event.clientX);
    };
    const up = (event: globalThis.PointerEvent) => {
      if (press.current?.pointer !== event.pointerId) return;
      if (now.current) fall();
      else stop();
    };
    const cancel = () => {
      if (press.current) stop();
    };
    const escape = (event: globalThis.KeyboardEvent) => {
      if (event.key === "Escape" && press.current) stop();
    };
    // While a card follows the finger the page must not scroll with it.
    const still = (event: TouchEvent) => {
      if (now.current?.by === "pointer") event.preventDefault();
    };
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", escape);
    window.addEventListener("touchmove", still, { passive: false });
    return () => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", escape);
      window.removeEventListener("touchmove", still);
    };
  }, [fall, frame, set, stop]);

  const onPointerDown = (event: PointerEvent<HTMLElement>, row: Row, from: number) => {
    if (event.button !== 0 || now.current) return;
    const held: Press = { row, from, x: event.clientX, y: event.clientY, pointer: event.pointerId };
    if (event.pointerType === "touch")
      held.timer = setTimeout(
        () => set({ row, from, over: from, by: "pointer", x: held.x, y: held.y }),
        rest,
      );
    press.current = held;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, row: Row, from: number) => {
    const held = now.current;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!held) {
      if (event.key !== " ") return;
      event.preventDefault();
      set({ row, from, over: from, by: "keys", x: 0, y: 0 });
      say(t`“${{ title: row.title }}” is lifted. Arrows choose a stage, Space puts it down.`);
      return;
    }
    if (held.by !== "keys") return;
    event.preventDefault();
    if (step !== undefined) {
      const over = stageBeside(stages, held.over, step);
      set({ ...held, over });
      const columns = frame.current?.querySelectorAll("[data-column]");
      columns?.[over]?.scrollIntoView({ inline: "nearest", block: "nearest" });
      const name = stages[over]?.name ?? "";
      say(t`Over “${name}”`);
    } else if (event.key === " " || event.key === "Enter") {
      const name = fall()?.name ?? "";
      say(t`Put down in “${name}”`);
    } else if (event.key === "Escape") {
      stop();
      say(t`It stays where it was`);
    }
  };

  return {
    lifted,
    stages,
    onPointerDown,
    onKeyDown,
    onBlur: () => {
      if (now.current?.by === "keys") stop();
    },
    moved: () => Date.now() - ended.current < 250,
  };
}

/** At its edges the board scrolls on. */
function nudge(frame: HTMLDivElement | null, x: number): void {
  if (!frame) return;
  const { left, right } = frame.getBoundingClientRect();
  if (x < left + edge) frame.scrollLeft -= 14;
  else if (x > right - edge) frame.scrollLeft += 14;
}
