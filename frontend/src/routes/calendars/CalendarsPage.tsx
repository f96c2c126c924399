// When the workspace works: its time zone, and calendars of working hours and days off.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useMutation } from "urql";
import {
  CalendarListDocument,
  type CalendarPartsFragment,
  SetTimeZoneDocument,
} from "../../api/generated/calendars";
import { useMay, useSession, useViewer } from "../../api/session";
import { useKept } from "../../api/useKept";
import { Page } from "../../ui/Page";
import { Failed, Panel, Waiting } from "../../ui/Parts";
import { wordsOf } from "../../ui/problems";
import rows from "../../ui/Rows.module.css";
import { sayDone } from "../../ui/toast";
import { CalendarEditor } from "./CalendarEditor";
import css from "./Calendars.module.css";
import { weekWords } from "./draft";
import { weekdays } from "./month";
import { ZoneSelect } from "./ZoneSelect";

const NEW = "new";

export function CalendarsPage() {
  const { t } = useLingui();
  const administers = useMay("administer");
  const [search, setSearch] = useSearchParams();
  const opened = search.get("open");
  const open = (id: string | null) => setSearch(id === null ? {} : { open: id });
  const { data, error, again } = useKept(CalendarListDocument);
  const found = data?.calendars.find(({ id }) => id === opened) ?? null;
  const editing = opened === NEW || found !== null;
  return (
    <Page
      title={t`Working time`}
      {...(editing ? { heading: found?.name ?? t`New calendar` } : {})}
      about={t`Waits, schedules and formulas count working hours and days by these calendars.`}
      actions={
        administers &&
        !editing && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(NEW)}>
            <Trans>New calendar</Trans>
          </Button>
        )
      }
    >
      {!data && (error ? <Failed error={error} again={again} /> : <Waiting what={t`Loading calendars…`} />)}
      {data && editing && <CalendarEditor key={opened} calendar={found} onOpen={open} />}
      {data && !editing && (
        <div className={css.editor}>
          <WorkspaceZone readOnly={!administers} />
          <Panel>
            <ul className={rows.rows} aria-label={t`Calendars`}>
              {data.calendars.map((calendar) => (
                <CalendarRow key={calendar.id} calendar={calendar} onOpen={open} />
              ))}
            </ul>
          </Panel>
        </div>
      )}
    </Page>
  );
}

interface CalendarRowProps {
  calendar: CalendarPartsFragment;
  onOpen: (id: string) => void;
}

function CalendarRow({ calendar, onOpen }: CalendarRowProps) {
  const { i18n, t } = useLingui();
  const { id, name, weekly, exceptions, isDefault } = calendar;
  const names = weekdays(i18n.locale, "short");
  const week = weekWords(weekly, names);
  const special = exceptions.filter(({ hours }) => hours !== null).length;
  return (
    <li className={rows.row}>
      <button type="button" className={`${rows.cover} ${css.open}`} onClick={() => onOpen(id)}>
        {name}
      </button>
      {isDefault && <span className={rows.soft}> · {t`used wherever none is chosen`}</span>}
      <div className={rows.soft}>{week}</div>
      <div className={rows.soft}>{t`Special dates: ${special}`}</div>
    </li>
  );
}

function WorkspaceZone({ readOnly }: { readOnly: boolean }) {
  const { t } = useLingui();
  const { renew } = useSession();
  const zone = useViewer().workspace.timeZone;
  const [{ fetching }, setZone] = useMutation(SetTimeZoneDocument);
  const [wanted, setWanted] = useState(zone);
  const [problem, setProblem] = useState<string>();
  const change = async (timeZone: string | null) => {
    if (timeZone === null || timeZone === zone) return;
    setWanted(timeZone);
    const { data, error } = await setZone({ timeZone }, { additionalTypenames: ["WorkCalendar"] });
    const found = data?.setTimeZone.problems[0];
    if (found || error) {
      setWanted(zone);
      setProblem(found ? wordsOf(found) : t`The server does not answer. The time zone stays as it was.`);
      return;
    }
    setProblem(undefined);
    sayDone(t`The workspace now lives in ${timeZone}`);
    renew();
  };
  return (
    <Panel>
      <div className={css.pad}>
        <ZoneSelect
          label={t`Time zone of the workspace`}
          description={t`Says what “today” is in formulas; calendars follow it unless they have a zone of their own`}
          value={wanted}
          readOnly={readOnly || fetching}
          onChange={(timeZone) => void change(timeZone)}
          error={problem}
        />
      </div>
    </Panel>
  );
}
