// Fills the holidays of a country into a calendar, after showing what would be added.
import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import {
  type CalendarPartsFragment,
  FillHolidaysDocument,
  HolidayCountriesDocument,
  HolidaysToFillDocument,
} from "../../api/generated/calendars";
import { ProblemList, useProblems } from "../../ui/problems";
import { sayDone } from "../../ui/toast";
import css from "./Calendars.module.css";
import { hoursWords } from "./draft";
import { dateWords } from "./month";

const changes = { additionalTypenames: ["WorkCalendar"] };

interface FillHolidaysProps {
  calendar: CalendarPartsFragment;
  year: number;
  opened: boolean;
  close: () => void;
  onFilled: (calendar: CalendarPartsFragment) => void;
}

export function FillHolidays(props: FillHolidaysProps) {
  const { t } = useLingui();
  return (
    <Modal
      opened={props.opened}
      onClose={props.close}
      title={t`Fill in holidays`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <FillForm {...props} />
    </Modal>
  );
}

function FillForm({ calendar, year, close, onFilled }: FillHolidaysProps) {
  const { i18n, t } = useLingui();
  const problems = useProblems([]);
  const [country, setCountry] = useState<string | null>(calendar.country || null);
  const [part, setPart] = useState<string | null>(calendar.subdivision || null);
  const [first, setFirst] = useState(String(year));
  const [{ data: known }] = useQuery({ query: HolidayCountriesDocument });
  const [{ fetching }, fill] = useMutation(FillHolidaysDocument);
  const given = {
    calendarId: calendar.id,
    country: country ?? "",
    subdivision: part ?? "",
    years: [Number(first), Number(first) + 1],
  };
  const [{ data, fetching: looking }] = useQuery({
    query: HolidaysToFillDocument,
    variables: given,
    pause: country === null,
    requestPolicy: "network-only",
  });
  const names = new Intl.DisplayNames([i18n.locale], { type: "region", fallback: "code" });
  const countries = (known?.holidayCountries ?? [])
    .map(({ code }) => ({ value: code, label: names.of(code) ?? code }))
    .sort((one, other) => one.label.localeCompare(other.label, i18n.locale));
  const parts = known?.holidayCountries.find(({ code }) => code === country)?.subdivisions ?? [];
  const shown = country === null || looking ? undefined : data?.holidaysToFill;
  const [now, next] = given.years;

  const submit = async () => {
    const answer = await fill(given, changes);
    if (!problems.took(answer, (found) => found.fillHolidays.problems)) return;
    const count = answer.data?.fillHolidays.added.length ?? 0;
    if (answer.data?.fillHolidays.calendar) onFilled(answer.data.fillHolidays.calendar);
    sayDone(t`Dates added: ${count}`);
    close();
  };

  return (
    <Stack gap="md">
      <ProblemList problems={[...problems.rest, ...(shown?.problems ?? [])]} />
      <Select
        data-autofocus
        label={t`Country`}
        searchable
        data={countries}
        value={country}
        onChange={(code) => {
          setCountry(code);
          setPart(null);
        }}
      />
      {parts.length > 0 && (
        <Select
          label={t`Part of it, if it has holidays of its own`}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t`The whole country` }}
          data={parts}
          value={part}
          onChange={setPart}
        />
      )}
      <Select
        label={t`Years`}
        allowDeselect={false}
        data={[year - 1, year, year + 1].map((one) => ({ value: String(one), label: `${one}–${one + 1}` }))}
        value={first}
        onChange={(chosen) => chosen !== null && setFirst(chosen)}
      />
      {shown?.problems.length === 0 && (
        <div>
          <p className={css.count}>
            {shown.added.length === 0 ? (
              <Trans>
                All holidays of {now} and {next} are there already, or were changed by a person.
              </Trans>
            ) : (
              <Plural value={shown.added.length} one="# date will be added:" other="# dates will be added:" />
            )}
          </p>
          <ul className={css.preview}>
            {shown.added.map(({ date, name, hours }) => (
              <li key={date}>
                <span className={css.soft}>
                  {dateWords(i18n.locale, date, { day: "numeric", month: "short", year: "numeric" })}
                </span>{" "}
                {name}
                {hours && hours.length > 0 && ` (${hoursWords(hours)})`}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={close}>
          <Trans>Cancel</Trans>
        </Button>
        <Button
          loading={fetching}
          disabled={shown === undefined || shown.added.length === 0}
          onClick={() => void submit()}
        >
          <Trans>Fill in</Trans>
        </Button>
      </Group>
    </Stack>
  );
}
