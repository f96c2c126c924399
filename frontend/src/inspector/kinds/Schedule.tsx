// When a scenario starts by itself: in words, without cron; a cron line for those who want one.
import { Chip, Group, NativeSelect, NumberInput, Text, TextInput } from "@mantine/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import {
  dayNames,
  EVERY,
  EVERY_NAMES,
  readSchedule,
  scheduleWords,
  type Schedule,
} from "../../catalog/schedule";
import type { Json } from "../../graph/types";
import { asText } from "../../graph/values";
import { type FieldProps, useForm } from "../context";
import { TimezoneField } from "./Plain";

export function ScheduleField({
  label,
  value,
  onChange,
  describedBy,
  invalid,
}: FieldProps<Json | undefined>) {
  const { t, i18n } = useLingui();
  const { readOnly, onBlur } = useForm();
  const now = readSchedule(value);
  const set = (part: Partial<Schedule>) => onChange({ ...now, ...part });
  const apart =
    now.every === "minutes" || now.every === "hours" || now.every === "day" ? APART[now.every] : null;
  const timed = now.every !== "cron" && now.every !== "minutes" && now.every !== "hours";
  return (
    <div className="field-stack" role="group" aria-label={label} aria-describedby={describedBy}>
      <NativeSelect
        aria-label={t`How often`}
        disabled={readOnly}
        value={now.every}
        data={EVERY.map((every) => ({ value: every, label: i18n._(EVERY_NAMES[every]) }))}
        onChange={(event) =>
          set({ every: EVERY.find((every) => every === event.currentTarget.value) ?? "day" })
        }
      />
      {apart && (
        <NumberInput
          label={i18n._(apart)}
          min={1}
          max={1000}
          allowDecimal={false}
          disabled={readOnly}
          value={now.interval}
          onChange={(next) => set({ interval: Math.max(1, Number(next) || 1) })}
          onBlur={onBlur}
        />
      )}
      {now.every === "week" && <Days chosen={now.weekdays} onChange={(weekdays) => set({ weekdays })} />}
      {now.every === "month" && (
        <NativeSelect
          label={t`Day of the month`}
          disabled={readOnly}
          value={String(now.day)}
          data={[
            ...Array.from({ length: 31 }, (_, i) => String(i + 1)),
            { value: "last", label: t`the last day` },
          ]}
          onChange={(event) =>
            set({ day: event.currentTarget.value === "last" ? "last" : Number(event.currentTarget.value) })
          }
        />
      )}
      {timed && (
        <TextInput
          type="time"
          label={t`At`}
          disabled={readOnly}
          value={now.at}
          onChange={(event) => set({ at: event.currentTarget.value || "09:00" })}
          onBlur={onBlur}
        />
      )}
      {now.every === "cron" && (
        <TextInput
          label={t`Cron line`}
          description={t`Minute, hour, day, month, day of the week: “0 9 * * 1-5” is weekdays at 9:00.`}
          placeholder="0 9 * * 1-5"
          disabled={readOnly}
          error={invalid}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          value={now.cron}
          onChange={(event) => set({ cron: event.currentTarget.value })}
          onBlur={onBlur}
        />
      )}
      <div>
        <Text size="sm" fw={500} mb={4}>
          <Trans>Time zone</Trans>
        </Text>
        <TimezoneField
          label={t`Time zone`}
          schema={{}}
          value={now.timezone}
          onChange={(zone) => set({ timezone: asText(zone) })}
        />
      </div>
      <Text size="xs" c="dimmed" aria-live="polite">
        {scheduleWords(i18n, value)}
      </Text>
    </div>
  );
}

const APART = {
  minutes: msg`How many minutes apart`,
  hours: msg`How many hours apart`,
  day: msg`How many days apart`,
};

function Days({ chosen, onChange }: { chosen: number[]; onChange: (days: number[]) => void }) {
  const { t, i18n } = useLingui();
  const { readOnly } = useForm();
  return (
    <div role="group" aria-label={t`Days of the week`}>
      <Chip.Group
        multiple
        value={chosen.map(String)}
        onChange={(days) => onChange(days.map(Number).sort((a, b) => a - b))}
      >
        <Group gap={6}>
          {dayNames(i18n.locale).map((name, i) => (
            <Chip key={name} value={String(i + 1)} size="xs" disabled={readOnly}>
              {name}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </div>
  );
}
