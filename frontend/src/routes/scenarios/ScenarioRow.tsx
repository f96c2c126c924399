// One scenario in the list: its name, how its runs went, its switch and its menu.
import { ActionIcon, Menu, Switch } from "@mantine/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import {
  IconDotsVertical,
  IconFileExport,
  IconHelp,
  IconPencil,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import { useMutation } from "urql";
import { type ScenarioRowFragment, SetScenarioEnabledDocument } from "../../api/generated/graphql";
import { useMay } from "../../api/session";
import { Ago } from "../../ui/Ago";
import rows from "../../ui/Rows.module.css";
import { RunStatusMark } from "../../ui/RunStatusMark";
import { sayFailed } from "../../ui/toast";
import { useOpenedOnce } from "../../ui/useOpenedOnce";
import css from "./ScenariosPage.module.css";
import { useExport } from "./useExport";

const DeleteScenario = lazy(async () => ({ default: (await import("./DeleteScenario")).DeleteScenario }));

interface ScenarioRowProps {
  scenario: ScenarioRowFragment;
  onGone: () => void;
}

export function ScenarioRow({ scenario, onGone }: ScenarioRowProps) {
  const { t } = useLingui();
  const builds = useMay("build");
  const title = scenario.title || t`Untitled scenario`;
  return (
    <li className={`${rows.row} ${css.row}`}>
      <div className={css.name}>
        <Link to={`/scenarios/${scenario.id}`} className={`${rows.cover} ${rows.oneLine}`}>
          {title}
        </Link>
        <span className={css.marks}>
          <Marks scenario={scenario} />
        </span>
      </div>
      <Health scenario={scenario} />
      <div className={css.state}>
        {builds && scenario.published ? (
          <OnOff id={scenario.id} title={title} enabled={scenario.enabled} />
        ) : (
          <StateWord scenario={scenario} />
        )}
      </div>
      <div className={css.menu}>
        <RowMenu scenario={scenario} title={title} builds={builds} onGone={onGone} />
      </div>
    </li>
  );
}

function Marks({ scenario: { published, draftChanged, updatedAt } }: { scenario: ScenarioRowFragment }) {
  const version = published?.number;
  return (
    <>
      {published === null ? (
        <span className={css.mark}>
          <Trans>Draft, not published yet</Trans>
        </span>
      ) : (
        <span>
          <Trans>Version {version}</Trans>
        </span>
      )}
      {published !== null && draftChanged && (
        <span className={`${css.mark} ${css.dotted}`}>
          <Trans>changes not published</Trans>
        </span>
      )}
      <span className={`${css.dotted} ${css.edited}`}>
        <Trans>
          edited <Ago at={updatedAt} />
        </Trans>
      </span>
    </>
  );
}

function Health({ scenario: { lastRun, runCounts } }: { scenario: ScenarioRowFragment }) {
  const all = runCounts.succeeded + runCounts.failed + runCounts.open;
  if (!lastRun) {
    return (
      <div className={`${css.health} ${rows.soft}`}>
        <Trans>No runs yet</Trans>
      </div>
    );
  }
  return (
    <div className={css.health}>
      <span className={css.last}>
        <RunStatusMark status={lastRun.status} compact />
        <Ago at={lastRun.createdAt} />
      </span>
      <span className={css.counts}>
        <Plural value={all} one="# run" other="# runs" />
        {runCounts.failed > 0 && (
          <>
            {", "}
            <b>
              <Plural value={runCounts.failed} one="# failed" other="# failed" />
            </b>
          </>
        )}
      </span>
    </div>
  );
}

/** For those who cannot switch; an unpublished scenario has nothing to switch and says so beside its name. */
function StateWord({ scenario: { published, enabled } }: { scenario: ScenarioRowFragment }) {
  if (published === null) return null;
  return (
    <span className={rows.soft}>
      {enabled ? <Trans context="scenario">On</Trans> : <Trans context="scenario">Off</Trans>}
    </span>
  );
}

function OnOff({ id, title, enabled }: { id: string; title: string; enabled: boolean }) {
  const { t } = useLingui();
  const [{ fetching }, setEnabled] = useMutation(SetScenarioEnabledDocument);
  // The switch answers under the finger; the server's word replaces it.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const shown = wanted ?? enabled;

  const turn = async (on: boolean) => {
    setWanted(on);
    const { data, error } = await setEnabled({ id, enabled: on });
    const words = data?.setScenarioEnabled.problems[0]?.message ?? error?.graphQLErrors[0]?.message;
    if (words !== undefined) sayFailed(words);
    else if (error) sayFailed(t`The server does not answer. The switch was not moved.`);
    setWanted(null);
  };

  return (
    <Switch
      className={rows.above ?? ""}
      size="sm"
      color="petrol"
      checked={shown}
      disabled={fetching && wanted === null}
      label={shown ? t({ context: "scenario", message: "On" }) : t({ context: "scenario", message: "Off" })}
      aria-label={t`${title}: on or off`}
      onChange={(event) => void turn(event.currentTarget.checked)}
    />
  );
}

interface RowMenuProps {
  scenario: ScenarioRowFragment;
  title: string;
  builds: boolean;
  onGone: () => void;
}

function RowMenu({ scenario: { id }, title, builds, onGone }: RowMenuProps) {
  const { t } = useLingui();
  const [deleting, setDeleting] = useState(false);
  const once = useOpenedOnce(deleting);
  const exportText = useExport();
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon
            className={rows.above ?? ""}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t`Actions of “${title}”`}
          >
            <IconDotsVertical size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            to={`/scenarios/${id}`}
            leftSection={<IconPencil size={16} aria-hidden />}
          >
            <Trans>Open</Trans>
          </Menu.Item>
          <Menu.Item
            component={Link}
            to={`/runs?scenario=${id}`}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
          >
            <Trans>Show its runs</Trans>
          </Menu.Item>
          <Menu.Item
            component={Link}
            to={`/events?outcome=stopped&scenario=${id}`}
            leftSection={<IconHelp size={16} aria-hidden />}
          >
            <Trans>Why did it not run?</Trans>
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFileExport size={16} aria-hidden />}
            onClick={() => void exportText(id, title)}
          >
            <Trans>Save as text</Trans>
          </Menu.Item>
          {builds && (
            <>
              <Menu.Divider />
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => setDeleting(true)}
              >
                <Trans>Delete…</Trans>
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {once && (
          <DeleteScenario
            id={id}
            title={title}
            opened={deleting}
            close={() => setDeleting(false)}
            onGone={onGone}
          />
        )}
      </Suspense>
    </>
  );
}
