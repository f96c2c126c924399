// One calendar: its name and zone, the hours of the week, and the dates that differ from it.
import { Button, Group, Stack, Switch, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconConfetti } from "@tabler/icons-react";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import {
  type CalendarPartsFragment,
  CreateCalendarDocument,
  UpdateCalendarDocument,
} from "../../api/generated/calendars";
import { useMay, useViewer } from "../../api/session";
import { Panel } from "../../ui/Parts";
import { ProblemList, useProblems } from "../../ui/problems";
import { sayDone } from "../../ui/toast";
import css from "./Calendars.module.css";
import { DayForm } from "./DayForm";
import { DeleteCalendar } from "./DeleteCalendar";
import { type Draft, draftOf, inputOf, newDraft } from "./draft";
import { FillHolidays } from "./FillHolidays";
import { MonthGrid } from "./MonthGrid";
import { WeekHours } from "./WeekHours";
import { ZoneSelect } from "./ZoneSelect";

const fields = ["name", "timeZone"] as const;
const changes = { additionalTypenames: ["WorkCalendar"] };
const today = () => new Date().toLocaleDateString("sv"); // the local date as YYYY-MM-DD

interface CalendarEditorProps {
  /** Null: a new one. */
  calendar: CalendarPartsFragment | null;
  onOpen: (id: string | null) => void;
}

export function CalendarEditor({ calendar, onOpen }: CalendarEditorProps) {
  const { t } = useLingui();
  const readOnly = !useMay("administer");
  const zone = useViewer().workspace.timeZone;
  const problems = useProblems(fields);
  const [{ fetching: creating }, create] = useMutation(CreateCalendarDocument);
  const [{ fetching: updating }, update] = useMutation(UpdateCalendarDocument);
  const [draft, setDraft] = useState<Draft>(() => (calendar ? draftOf(calendar) : newDraft("")));
  const [saved, setSaved] = useState(draft);
  const [date, setDate] = useState(today);
  const [filling, setFilling] = useState(false);
  const set = (part: Partial<Draft>) => setDraft((was) => ({ ...was, ...part }));
  const dirty = draft !== saved;

  const take = (found: CalendarPartsFragment) => {
    const now = draftOf(found);
    setDraft(now);
    setSaved(now);
  };
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const input = inputOf(draft);
    if (calendar) {
      const answer = await update({ id: calendar.id, input }, changes);
      if (!problems.took(answer, (data) => data.updateCalendar.problems)) return;
      if (answer.data?.updateCalendar.calendar) take(answer.data.updateCalendar.calendar);
    } else {
      const answer = await create({ input }, changes);
      if (!problems.took(answer, (data) => data.createCalendar.problems)) return;
      onOpen(answer.data?.createCalendar.calendar?.id ?? null);
    }
    sayDone(t`Saved: what waits by this calendar was planned anew`);
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className={css.editor}>
      <ProblemList problems={problems.rest} />
      <Panel>
        <Stack gap="md" className={css.pad ?? ""}>
          <TextInput
            label={t`Name`}
            maxLength={100}
            readOnly={readOnly}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={problems.at("name")}
          />
          <ZoneSelect
            label={t`Time zone`}
            none={t`That of the workspace (${zone})`}
            value={draft.timeZone}
            readOnly={readOnly}
            onChange={(timeZone) => set({ timeZone })}
            error={problems.at("timeZone")}
          />
          {!calendar?.isDefault && (
            <Switch
              label={t`Use it wherever no calendar is chosen`}
              checked={draft.isDefault}
              disabled={readOnly}
              onChange={(event) => set({ isDefault: event.currentTarget.checked })}
            />
          )}
        </Stack>
      </Panel>
      <Panel title={t`Hours of the week`}>
        <WeekHours weekly={draft.weekly} readOnly={readOnly} onChange={(weekly) => set({ weekly })} />
        <p className={css.note}>
          <Trans>A night shift is two: until 00:00, and from 00:00 on the next day.</Trans>
        </p>
      </Panel>
      <Panel
        title={t`Days off and special hours`}
        aside={
          !readOnly &&
          calendar && (
            <Button
              variant="light"
              size="compact-md"
              leftSection={<IconConfetti size={16} aria-hidden />}
              disabled={dirty}
              title={dirty ? t`Save your changes first` : undefined}
              onClick={() => setFilling(true)}
            >
              <Trans>Fill in holidays</Trans>
            </Button>
          )
        }
      >
        <div className={css.dates}>
          <MonthGrid draft={draft} chosen={date} onChoose={setDate} />
          <DayForm draft={draft} date={date} readOnly={readOnly} onChange={(specials) => set({ specials })} />
        </div>
      </Panel>
      <Group justify="space-between" gap="sm">
        <Button variant="default" onClick={() => onOpen(null)}>
          <Trans>Back to the list</Trans>
        </Button>
        {!readOnly && (
          <Group gap="sm">
            {calendar && !calendar.isDefault && (
              <DeleteCalendar calendar={calendar} onDeleted={() => onOpen(null)} />
            )}
            <Button type="submit" loading={creating || updating} disabled={calendar !== null && !dirty}>
              <Trans>Save</Trans>
            </Button>
          </Group>
        )}
      </Group>
      {calendar && (
        <FillHolidays
          calendar={calendar}
          year={Number(date.slice(0, 4))}
          opened={filling}
          close={() => setFilling(false)}
          onFilled={take}
        />
      )}
    </form>
  );
}
