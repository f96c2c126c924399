// Home: what needs me, what failed, what ran; in an empty workspace, the first scenario.
import { Anchor, Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "react-router";
import { HomeDocument, type HomeQuery } from "../../api/generated/graphql";
import { useMay, useViewer } from "../../api/session";
import { useKept } from "../../api/useKept";
import { useNews } from "../../api/useNews";
import { Page } from "../../ui/Page";
import { Failed, Panel, Waiting } from "../../ui/Parts";
import rows from "../../ui/Rows.module.css";
import { NoticeRow } from "../inbox/NoticeRow";
import { useMarkRead } from "../inbox/useMarkRead";
import { RunRow } from "../runs/RunRow";
import { useCreateScenario } from "../scenarios/useCreateScenario";
import { FirstScenario } from "./FirstScenario";
import css from "./HomePage.module.css";
import { useGreeting } from "./greeting";

export function HomePage() {
  const { t } = useLingui();
  const { user } = useViewer();
  const builds = useMay("build");
  const create = useCreateScenario();
  const greeting = useGreeting(user?.name ?? "");
  const { data, error, again } = useKept(HomeDocument);
  useNews("all", again);

  const isEmpty = data?.scenarios.nodes.length === 0;
  return (
    <Page
      title={t`Home`}
      heading={greeting}
      actions={
        builds &&
        data &&
        !isEmpty && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => void create()}>
            <Trans>Build a scenario</Trans>
          </Button>
        )
      }
    >
      {error && <Failed error={error} again={again} />}
      {!data && !error && <Waiting what={t`Checking what is new…`} />}
      {data && isEmpty && <FirstScenario />}
      {data && (!isEmpty || data.recent.nodes.length > 0) && <Today data={data} onChange={again} />}
    </Page>
  );
}

function Today({ data, onChange }: { data: HomeQuery; onChange: () => void }) {
  const { t } = useLingui();
  const markRead = useMarkRead();
  const unread = data.notices.nodes.filter((notice) => notice.readAt === null);
  const failed = data.failed.nodes;
  const recent = data.recent.nodes;
  return (
    <div className={css.sections}>
      {unread.length > 0 && (
        <Panel title={t`Needs you`} aside={<SeeAll to="/inbox" />}>
          <ul className={rows.rows}>
            {unread.map((notice) => (
              <NoticeRow
                key={notice.id}
                notice={notice}
                onRead={() => void markRead([notice.id]).then(onChange)}
              />
            ))}
          </ul>
        </Panel>
      )}
      {failed.length > 0 && (
        <Panel title={t`Recent failures`} aside={<SeeAll to="/runs?status=failed" />}>
          <ul className={rows.rows}>
            {failed.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={t`Recent runs`} aside={recent.length > 0 && <SeeAll to="/runs" />}>
        {recent.length > 0 ? (
          <ul className={rows.rows}>
            {recent.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
        ) : (
          <p className={css.quiet}>
            <Trans>
              Nothing yet. Publish a scenario and make its event happen: the run appears here by itself.
            </Trans>
          </p>
        )}
      </Panel>
    </div>
  );
}

function SeeAll({ to }: { to: string }) {
  return (
    <Anchor component={Link} to={to} size="sm">
      <Trans>See all</Trans>
    </Anchor>
  );
}
