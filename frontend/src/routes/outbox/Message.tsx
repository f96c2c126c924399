// The reading pane: one message as its reader would see it, and where it came from.
import { Anchor } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "react-router";
import type { MessagePartsFragment } from "../../api/generated/manage";
import { exactWords } from "../../ui/Ago";
import { MessageState } from "./MessageState";
import css from "./OutboxPage.module.css";

export function Message({ message }: { message: MessagePartsFragment }) {
  const { t, i18n } = useLingui();
  return (
    <article className={css.message} aria-label={t`Message`}>
      <Anchor component={Link} to="/outbox" replace className={css.back ?? ""}>
        <IconArrowLeft size={16} aria-hidden /> <Trans>All messages</Trans>
      </Anchor>
      <h2 className={css.heading}>{message.subject || t`(no subject)`}</h2>
      <dl className={css.facts}>
        <dt>
          <Trans>To</Trans>
        </dt>
        <dd>{message.recipients.join(", ")}</dd>
        <dt>
          <Trans>Written</Trans>
        </dt>
        <dd>{exactWords(new Date(message.createdAt), i18n.locale)}</dd>
        <dt>
          <Trans>State</Trans>
        </dt>
        <dd>
          <MessageState state={message.state} />
        </dd>
        {(message.runId !== null || message.scenarioId !== null) && (
          <>
            <dt>
              <Trans>From</Trans>
            </dt>
            <dd className={css.origin}>
              {message.scenarioId !== null && (
                <Anchor component={Link} to={`/scenarios/${message.scenarioId}`}>
                  <Trans>the scenario</Trans>
                </Anchor>
              )}
              {message.runId !== null && (
                <Anchor component={Link} to={`/runs/${message.runId}`}>
                  <Trans>the run</Trans>
                </Anchor>
              )}
            </dd>
          </>
        )}
      </dl>
      <div className={css.body}>{message.body}</div>
    </article>
  );
}
