// Every message scenarios wrote: a list and a reading pane; on a phone one after the other.
import { Alert } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconInfoCircle, IconMailForward } from "@tabler/icons-react";
import { Link, useSearchParams } from "react-router";
import {
  OutboxListDocument,
  type MessagePartsFragment,
  type OutboxListQuery,
} from "../../api/generated/manage";
import { useKeyset } from "../../api/useKeyset";
import { useNews } from "../../api/useNews";
import { Ago } from "../../ui/Ago";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty, Failed, Panel, Waiting } from "../../ui/Parts";
import { Message } from "./Message";
import { MessageState } from "./MessageState";
import css from "./OutboxPage.module.css";

const variables = { first: 50 };
const pick = (data: OutboxListQuery) => data.outbox;

export function OutboxPage() {
  const { t } = useLingui();
  const list = useKeyset(OutboxListDocument, variables, pick);
  const [params] = useSearchParams();
  useNews("runs", list.refresh);

  const asked = params.get("message");
  // On a wide screen something is always open; on a narrow one only what was pressed.
  const open = list.items?.find((message) => message.id === asked) ?? list.items?.[0];
  const held = list.items?.some((message) => message.state === "held") ?? false;

  return (
    <Page wide title={t`Outbox`} about={t`Every message your scenarios have written, word for word.`}>
      {held && (
        <Alert className={css.note ?? ""} color="yellow" icon={<IconInfoCircle aria-hidden />}>
          <Trans>
            “Held” means: written and kept here, not sent. Potok has no mail connection yet, so nothing leaves
            this server.
          </Trans>
        </Alert>
      )}
      {list.error && <Failed error={list.error} again={list.refresh} />}
      {!list.items && !list.error && <Waiting what={t`Loading messages…`} />}
      {list.items?.length === 0 && (
        <Panel>
          <Empty icon={<IconMailForward />} title={t`No messages yet`}>
            <Trans>
              When a scenario reaches the block “Send e-mail”, the message appears here, and you can read it
              before anybody else does.
            </Trans>
          </Empty>
        </Panel>
      )}
      {list.items && open && (
        <div className={css.panes} data-open={asked !== null || undefined}>
          <div className={css.list}>
            <ul className={css.rows} aria-label={t`Messages`}>
              {list.items.map((message) => (
                <MessageRow key={message.id} message={message} current={message.id === open.id} />
              ))}
            </ul>
            <More hasMore={list.hasMore} loading={list.loadingMore} onMore={list.loadMore} />
          </div>
          <Message message={open} />
        </div>
      )}
    </Page>
  );
}

function MessageRow({ message, current }: { message: MessagePartsFragment; current: boolean }) {
  const { t } = useLingui();
  return (
    <li>
      <Link
        to={`/outbox?message=${message.id}`}
        replace
        className={css.row}
        aria-current={current || undefined}
      >
        <span className={css.top}>
          <span className={css.to}>{message.recipients.join(", ")}</span>
          <Ago at={message.createdAt} className={css.when ?? ""} />
        </span>
        <span className={css.subject}>{message.subject || t`(no subject)`}</span>
        <span className={css.bottom}>
          <span className={css.start}>{message.body}</span>
          <MessageState state={message.state} />
        </span>
      </Link>
    </li>
  );
}
