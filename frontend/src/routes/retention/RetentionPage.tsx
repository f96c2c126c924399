// How long runs are kept: the limits, what would go with them now, and what the history takes on disk.
import { Alert } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconAlertTriangle } from "@tabler/icons-react";
import { RetentionShownDocument } from "../../api/generated/retention";
import { useMay } from "../../api/session";
import { useKept } from "../../api/useKept";
import { Page } from "../../ui/Page";
import { Failed, Panel, Waiting } from "../../ui/Parts";
import { OwnersOnly } from "../OwnersOnly";
import { LimitsForm } from "./LimitsForm";
import css from "./RetentionPage.module.css";

export function RetentionPage() {
  const { t } = useLingui();
  if (!useMay("administer")) return <OwnersOnly title={t`History kept`} />;
  return (
    <Page
      title={t`History kept`}
      about={t`Older runs are removed with their data once an hour. Runs that have not ended always stay.`}
    >
      <Kept />
    </Page>
  );
}

function Kept() {
  const { t } = useLingui();
  const { data, error, again } = useKept(RetentionShownDocument);
  if (!data) return error ? <Failed error={error} again={again} /> : <Waiting what={t`Loading…`} />;
  const { overflowing, tables, ...limits } = data.retention;
  return (
    <div className={css.parts}>
      {overflowing && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t`A clock seems to be wrong`}>
          <Trans>
            Some runs are dated weeks ahead. Nothing is lost. Check the clocks of the machines that run Potok,
            and that a worker is running.
          </Trans>
        </Alert>
      )}
      <Panel title={t`Limits`}>
        <LimitsForm kept={limits} again={again} />
      </Panel>
      <Panel title={t`On disk now`}>
        <Sizes tables={tables} />
      </Panel>
    </div>
  );
}

function Sizes({ tables }: { tables: readonly { name: string; bytes: number }[] }) {
  const { t, i18n } = useLingui();
  const words: Record<string, string> = {
    event: t`Events`,
    run: t`Runs`,
    journal_segment: t`Steps`,
    effect: t`Effects`,
  };
  const size = (bytes: number) => {
    const megabytes = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 1 }).format(
      bytes / 1_000_000,
    );
    return t`${megabytes} MB`;
  };
  return (
    <table className={css.sizes}>
      <tbody>
        {tables.map((one) => (
          <tr key={one.name}>
            <th scope="row">{words[one.name] ?? one.name}</th>
            <td>{size(one.bytes)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">
            <Trans>Together, of all workspaces</Trans>
          </th>
          <td>{size(tables.reduce((sum, one) => sum + one.bytes, 0))}</td>
        </tr>
      </tbody>
    </table>
  );
}
