// Small shared parts: a panel, an empty place that starts the work, waiting, failing.
import { Alert, Button, Skeleton } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import type { CombinedError } from "urql";
import css from "./Parts.module.css";

/** A white sheet on the paper. With a heading it is a named region. */
export function Panel({
  title,
  aside,
  children,
}: {
  title?: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={css.panel} aria-label={title}>
      {title !== undefined && (
        <header className={css.panelHeader}>
          <h2 className={css.panelTitle}>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}

/** What stands in an empty list: why it is empty and what to do about it. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={css.empty}>
      <span className={css.emptyIcon} aria-hidden>
        {icon}
      </span>
      <h2 className={css.emptyTitle}>{title}</h2>
      <p className={css.emptyText}>{children}</p>
      {action !== undefined && <div className={css.emptyAction}>{action}</div>}
    </div>
  );
}

/** Grey lines at once, words after a second: never a spinner that says nothing. */
export function Waiting({ what, lines = 5 }: { what: string; lines?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 1_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={css.waiting} role="status" aria-busy>
      <p className={css.waitingText} data-late={late || undefined}>
        {what}
      </p>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={44} radius="md" aria-hidden />
      ))}
    </div>
  );
}

/** A request failed: what happened, and a button to try again. */
export function Failed({ error, again }: { error: CombinedError; again: () => void }) {
  const { t } = useLingui();
  const words = error.networkError ? t`The server does not answer.` : error.graphQLErrors[0]?.message;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t`This could not be loaded`}>
      <p className={css.failedText}>{words}</p>
      <Button size="xs" variant="default" onClick={again}>
        <Trans>Try again</Trans>
      </Button>
    </Alert>
  );
}
