// Notices that scenarios wrote to people.
import { Button } from "@mantine/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconBell, IconChecks } from "@tabler/icons-react";
import { NoticeListDocument, type NoticeListQuery } from "../../api/generated/graphql";
import { useKeyset } from "../../api/useKeyset";
import { useNews } from "../../api/useNews";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty, Failed, Panel, Waiting } from "../../ui/Parts";
import rows from "../../ui/Rows.module.css";
import { NoticeRow } from "./NoticeRow";
import { useMarkRead } from "./useMarkRead";

const variables = { first: 50 };
const pick = (data: NoticeListQuery) => data.notices;

export function InboxPage() {
  const { t } = useLingui();
  const list = useKeyset(NoticeListDocument, variables, pick);
  const markRead = useMarkRead();
  useNews("notices", list.refresh);

  const unread = (list.items ?? []).filter((notice) => notice.readAt === null).map((notice) => notice.id);
  const read = (ids: string[]) => void markRead(ids).then(list.refresh);

  return (
    <Page
      title={t`Inbox`}
      about={
        list.items &&
        list.items.length > 0 &&
        (unread.length > 0 ? (
          <Plural value={unread.length} one="# unread notice" other="# unread notices" />
        ) : (
          <Trans>Everything is read</Trans>
        ))
      }
      actions={
        unread.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconChecks size={16} aria-hidden />}
            onClick={() => read(unread)}
          >
            <Trans>Mark all as read</Trans>
          </Button>
        )
      }
    >
      {list.error && <Failed error={list.error} again={list.refresh} />}
      {!list.items && !list.error && <Waiting what={t`Loading notices…`} />}
      {list.items && (
        <Panel>
          {list.items.length === 0 ? (
            <Empty icon={<IconBell />} title={t`Nothing to read`}>
              <Trans>
                Notices from scenarios come here: add the block “Notice” where a person should know something.
              </Trans>
            </Empty>
          ) : (
            <ul className={rows.rows} aria-label={t`Notices`}>
              {list.items.map((notice) => (
                <NoticeRow key={notice.id} notice={notice} onRead={() => read([notice.id])} />
              ))}
            </ul>
          )}
        </Panel>
      )}
      <More hasMore={list.hasMore} loading={list.loadingMore} onMore={list.loadMore} />
    </Page>
  );
}
