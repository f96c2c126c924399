// A plugin that could not be loaded: which file, which line, what the mistake is and what to do.
import { Trans, useLingui } from "@lingui/react/macro";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { PluginListQuery } from "../../api/generated/manage";
import css from "./PluginsPage.module.css";

type Plugin = PluginListQuery["plugins"][number];

export function BrokenPlugin({ plugin }: { plugin: Plugin }) {
  const { t } = useLingui();
  const { error, title } = plugin;
  if (!error) return null;
  const { file, line } = error;
  return (
    <section className={`${css.card} ${css.broken}`} aria-label={t`${title}: does not work`}>
      <header className={css.head}>
        <h2 className={css.title}>
          <IconAlertTriangle size={18} aria-hidden />
          <Trans>{title} does not work</Trans>
        </h2>
        <code className={css.facts}>{line === null ? file : t`${file}, line ${line}`}</code>
      </header>
      <p className={css.message}>{error.message}</p>
      <p className={css.advice}>
        <Trans>Other plugins and running scenarios are not affected.</Trans>
      </p>
      {error.details !== "" && (
        <details className={css.details}>
          <summary>
            <Trans>Details for the author</Trans>
          </summary>
          <pre>{error.details}</pre>
        </details>
      )}
    </section>
  );
}
