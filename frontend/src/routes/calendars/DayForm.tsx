// What holds for one date: the week's rule, a day off, or hours of its own.
import { Radio, Stack, TextInput } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import css from "./Calendars.module.css";
import { type Draft, hoursWords, type Special, usual } from "./draft";
import { HoursRow } from "./HoursRow";
import { dateWords, weekdayOf } from "./month";

interface DayFormProps {
  draft: Draft;
  date: string;
  readOnly: boolean;
  onChange: (specials: Draft["specials"]) => void;
}

export function DayForm({ draft, date, readOnly, onChange }: DayFormProps) {
  const { i18n, t } = useLingui();
  const special = draft.specials.get(date);
  const title = dateWords(i18n.locale, date, {
    day: "numeric",
    month: "long",
    year: "numeric",
    weekday: "long",
  });
  const week = draft.weekly[weekdayOf(date)] ?? [];
  const weekWords = week.length > 0 ? hoursWords(week) : t`day off`;
  const kind = !special?.hours ? "week" : special.hours.length > 0 ? "hours" : "off";

  const put = (next: Special | null) => {
    const specials = new Map(draft.specials);
    if (next === null) specials.delete(date);
    else specials.set(date, next);
    onChange(specials);
  };
  const choose = (next: string) => {
    const name = special?.name ?? "";
    if (next === "week") {
      // A holiday that was taken away is remembered, so that filling in again does not bring it back.
      put(special?.filled || special?.hours === null ? { date, name, hours: null, filled: false } : null);
    } else {
      const hours = next === "off" ? [] : [...(week.length > 0 ? week : usual(draft.weekly))];
      put({ date, name, hours, filled: false });
    }
  };

  return (
    <section className={css.dayForm} aria-label={title}>
      <h3 className={css.dayTitle}>{title}</h3>
      <Stack gap="sm">
        <Radio.Group aria-label={title} value={kind} onChange={choose}>
          <Stack gap={6}>
            <Radio value="week" disabled={readOnly} label={t`As the week says: ${weekWords}`} />
            <Radio value="off" disabled={readOnly} label={t`Day off`} />
            <Radio value="hours" disabled={readOnly} label={t`Hours of its own`} />
          </Stack>
        </Radio.Group>
        {special?.hours && special.hours.length > 0 && (
          <HoursRow
            label={title}
            hours={special.hours}
            readOnly={readOnly}
            onChange={(hours) => put({ ...special, hours, filled: false })}
          />
        )}
        {special?.hours && (
          <TextInput
            label={t`Why (a holiday, say)`}
            maxLength={100}
            readOnly={readOnly}
            value={special.name}
            onChange={(event) => put({ ...special, name: event.currentTarget.value, filled: false })}
          />
        )}
      </Stack>
    </section>
  );
}
