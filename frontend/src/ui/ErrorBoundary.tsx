// When a screen breaks: say so in words, keep the rest of the app alive, offer a way on.
import { Button } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import { IconMoodSad, IconRefresh } from "@tabler/icons-react";
import { Component, type ReactNode } from "react";
import css from "./Parts.module.css";

interface Props {
  /** A new value (the address, say) forgets the old error. */
  resetKey: string;
  children: ReactNode;
}

interface State {
  error: Error | null;
  resetKey: string;
}

/** After an upgrade the old file names are gone; a reload fetches the new ones. */
const isOldVersion = (error: Error) =>
  /dynamically imported module|module script failed/i.test(error.message);

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ resetKey }: Props, state: State): Partial<State> | null {
    return resetKey === state.resetKey ? null : { error: null, resetKey };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className={css.empty} role="alert">
        <span className={css.emptyIcon} aria-hidden>
          {isOldVersion(error) ? <IconRefresh /> : <IconMoodSad />}
        </span>
        <h1 className={css.emptyTitle}>
          {isOldVersion(error) ? (
            <Trans>Potok has been updated</Trans>
          ) : (
            <Trans>Something broke on this screen</Trans>
          )}
        </h1>
        <p className={css.emptyText}>
          {isOldVersion(error) ? (
            <Trans>Reload the page to get the new version.</Trans>
          ) : (
            <Trans>It is our mistake, not yours. What was saved is safe; reload the page to go on.</Trans>
          )}
        </p>
        <div className={css.emptyAction}>
          <Button onClick={() => location.reload()}>
            <Trans>Reload the page</Trans>
          </Button>
        </div>
        {!isOldVersion(error) && (
          <details className={css.details}>
            <summary>
              <Trans>Details for the report</Trans>
            </summary>
            <code>{error.message}</code>
          </details>
        )}
      </div>
    );
  }
}
