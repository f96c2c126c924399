// The hours of each day of the week; a day without a tick is off.
import { Checkbox } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import css from "./Calendars.module.css";
import { type Hours, usual } from "./draft";
import { HoursRow } from "./HoursRow";
import { weekdays } from "./month";

interface WeekHoursProps {
  weekly: Hours[][];
  readOnly: boolean;
  onChange: (weekly: Hours[][]) => void;
}

export function WeekHours({ weekly, readOnly, onChange }: WeekHoursProps) {
  const { i18n, t } = useLingui();
  const names = weekdays(i18n.locale, "long");
  const set = (day: number, hours: Hours[]) => onChange(weekly.map((one, at) => (at === day ? hours : one)));
  return (
    <ul className={css.week} aria-label={t`Hours of the week`}>
      {weekly.map((hours, day) => {
        const name = names[day] ?? "";
        return (
          <li key={day} className={css.day}>
            <Checkbox
              label={name}
              className={css.dayName ?? ""}
              checked={hours.length > 0}
              disabled={readOnly}
              onChange={(event) => set(day, event.currentTarget.checked ? [...usual(weekly)] : [])}
            />
            {hours.length > 0 ? (
              <HoursRow label={name} hours={hours} readOnly={readOnly} onChange={(now) => set(day, now)} />
            ) : (
              <span className={css.soft}>{t`day off`}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
