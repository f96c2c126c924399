// The working hours of one day: spans from–to, with another one after a break.
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconX } from "@tabler/icons-react";
import css from "./Calendars.module.css";
import { clock, hasRoom, type Hours, minutes, withMore } from "./draft";

interface HoursRowProps {
  /** What the hours are of, for who cannot see the row. */
  label: string;
  hours: Hours[];
  readOnly: boolean;
  onChange: (hours: Hours[]) => void;
}

export function HoursRow({ label, hours, readOnly, onChange }: HoursRowProps) {
  const { t } = useLingui();
  const set = (at: number, part: Partial<Hours>) =>
    onChange(hours.map((one, place) => (place === at ? { ...one, ...part } : one)));
  const time = (at: number, side: "start" | "end", value: number, name: string) => (
    <TextInput
      type="time"
      size="sm"
      aria-label={name}
      readOnly={readOnly}
      value={clock(value)}
      onChange={(event) => {
        const minute = minutes(event.currentTarget.value, side === "end");
        if (minute !== null) set(at, { [side]: minute });
      }}
    />
  );
  return (
    <div className={css.hours}>
      {hours.map(({ start, end }, at) => (
        <div className={css.span} key={at}>
          {time(at, "start", start, t`${label}: from`)}
          <span aria-hidden>–</span>
          {time(at, "end", end, t`${label}: to`)}
          {!readOnly && hours.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t`${label}: remove these hours`}
              onClick={() => onChange(hours.filter((_, place) => place !== at))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          )}
        </div>
      ))}
      {!readOnly && hours.length > 0 && hasRoom(hours) && (
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={t`${label}: more hours after a break`}
          onClick={() => onChange(withMore(hours))}
        >
          <Trans>After a break…</Trans>
        </Button>
      )}
    </div>
  );
}
