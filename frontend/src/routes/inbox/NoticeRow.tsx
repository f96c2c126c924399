// One notice: unread ones carry a dot and a button.
import { Button, VisuallyHidden } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { NoticePartsFragment } from "../../api/generated/graphql";
import { Ago } from "../../ui/Ago";
import rows from "../../ui/Rows.module.css";
import css from "./InboxPage.module.css";

interface NoticeRowProps {
  notice: NoticePartsFragment;
  onRead: () => void;
}

export function NoticeRow({ notice, onRead }: NoticeRowProps) {
  const { t } = useLingui();
  const unread = notice.readAt === null;
  const { title } = notice;
  return (
    <li className={`${rows.row} ${css.row}`} data-unread={unread || undefined}>
      <span className={css.dot} role="img" aria-label={unread ? t`Unread` : t`Read`} />
      <div className={css.words}>
        <span className={css.title}>{title}</span>
        {notice.body !== "" && <p className={css.body}>{notice.body}</p>}
        <span className={rows.soft}>
          <Ago at={notice.createdAt} />
          {notice.runId !== null && (
            <>
              {" · "}
              <Link to={`/runs/${notice.runId}`} className={css.link} onClick={unread ? onRead : undefined}>
                <Trans>Open the run</Trans>
              </Link>
            </>
          )}
        </span>
      </div>
      {unread && (
        <Button variant="subtle" size="compact-sm" onClick={onRead}>
          <Trans>Mark as read</Trans>
          <VisuallyHidden>: {title}</VisuallyHidden>
        </Button>
      )}
    </li>
  );
}
