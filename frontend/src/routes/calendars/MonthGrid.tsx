// A month of days: which are worked, which are off, which have hours of their own. Arrows, Home, End and page keys move.
import { ActionIcon } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import css from "./Calendars.module.css";
import { type Draft, hoursWords } from "./draft";
import { dateWords, monthsLater, stepFrom, weekdayOf, weekdays, weeksOf } from "./month";

interface MonthGridProps {
  draft: Draft;
  /** The day the focus and the form below belong to. */
  chosen: string;
  onChoose: (date: string) => void;
}

export function MonthGrid({ draft, chosen, onChoose }: MonthGridProps) {
  const { i18n, t } = useLingui();
  const grid = useRef<HTMLDivElement>(null);
  const byKey = useRef(false);
  useEffect(() => {
    if (byKey.current) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    byKey.current = false;
  }, [chosen]);
  const press = (event: KeyboardEvent) => {
    const next = stepFrom(chosen, event.key);
    if (next === null) return;
    event.preventDefault();
    byKey.current = true;
    onChoose(next);
  };
  const month = dateWords(i18n.locale, chosen, { month: "long", year: "numeric" });
  return (
    <div>
      <div className={css.monthHead}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t`The month before`}
          onClick={() => onChoose(monthsLater(chosen, -1))}
        >
          <IconChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <span className={css.monthName} aria-live="polite">
          {month}
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t`The next month`}
          onClick={() => onChoose(monthsLater(chosen, 1))}
        >
          <IconChevronRight size={18} aria-hidden />
        </ActionIcon>
      </div>
      <div className={css.grid} role="grid" aria-label={month} ref={grid} onKeyDown={press} tabIndex={-1}>
        <div role="row" className={css.line}>
          {weekdays(i18n.locale, "short").map((name) => (
            <span role="columnheader" key={name} className={css.columnName}>
              {name}
            </span>
          ))}
        </div>
        {weeksOf(chosen).map((week, at) => (
          <div role="row" className={css.line} key={at}>
            {week.map((date, day) =>
              date === null ? (
                <span role="gridcell" key={day} />
              ) : (
                <DayCell key={day} draft={draft} date={date} chosen={date === chosen} onChoose={onChoose} />
              ),
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

interface DayCellProps {
  draft: Draft;
  date: string;
  chosen: boolean;
  onChoose: (date: string) => void;
}

function DayCell({ draft, date, chosen, onChoose }: DayCellProps) {
  const { i18n, t } = useLingui();
  const special = draft.specials.get(date);
  const hours = special?.hours ?? draft.weekly[weekdayOf(date)] ?? [];
  const state = hours.length > 0 ? hoursWords(hours) : t`day off`;
  const day = dateWords(i18n.locale, date, { day: "numeric", month: "long", weekday: "long" });
  const own = special !== undefined && special.hours !== null;
  const name = own ? special.name : "";
  return (
    <div role="gridcell" aria-selected={chosen}>
      <button
        type="button"
        className={css.cell}
        tabIndex={chosen ? 0 : -1}
        data-off={hours.length === 0 || undefined}
        data-special={own || undefined}
        aria-label={[day, state, name].filter(Boolean).join(", ")}
        title={name === "" ? undefined : name}
        onClick={() => onChoose(date)}
      >
        {Number(date.slice(8))}
      </button>
    </div>
  );
}
