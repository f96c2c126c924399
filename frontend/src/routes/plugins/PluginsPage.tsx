// Where the blocks come from: plugins, what each brings, and what is wrong with a broken one. Live.
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPuzzle } from "@tabler/icons-react";
import { useEffect } from "react";
import { useSubscription } from "urql";
import { PluginListDocument, type PluginListQuery, PluginsChangedDocument } from "../../api/generated/manage";
import { useKept } from "../../api/useKept";
import { Markdown } from "../../ui/Markdown";
import { Page } from "../../ui/Page";
import { Empty, Failed, Panel, Waiting } from "../../ui/Parts";
import { useEveryWhileVisible } from "../../ui/useEveryWhileVisible";
import { BrokenPlugin } from "./BrokenPlugin";
import css from "./PluginsPage.module.css";

type Plugin = PluginListQuery["plugins"][number];
type NodeType = PluginListQuery["catalog"]["nodeTypes"][number];

const fallbackEvery = 30_000;

export function PluginsPage() {
  const { t } = useLingui();
  const { data, error, again } = useKept(PluginListDocument);
  const [{ data: change }] = useSubscription({ query: PluginsChangedDocument });

  useEffect(() => {
    if (change) again();
  }, [change, again]);
  useEveryWhileVisible(fallbackEvery, again);

  const broken = data?.plugins.filter((plugin) => plugin.error !== null) ?? [];
  const sound = data?.plugins.filter((plugin) => plugin.error === null) ?? [];
  const typesOf = (plugin: Plugin) =>
    data?.catalog.nodeTypes.filter((type) => plugin.nodeTypes.includes(type.type)) ?? [];

  return (
    <Page
      title={t`Plugins`}
      about={
        <Trans>
          Every block comes from a plugin. Put a Python file into the <code>plugins</code> folder, and its
          blocks appear in the builder at once.
        </Trans>
      }
    >
      {error && <Failed error={error} again={again} />}
      {!data && !error && <Waiting what={t`Loading plugins…`} />}
      <div className={css.list} aria-live="polite">
        {broken.map((plugin) => (
          <BrokenPlugin key={plugin.id} plugin={plugin} />
        ))}
        {sound.map((plugin) => (
          <PluginCard key={plugin.id} plugin={plugin} types={typesOf(plugin)} />
        ))}
      </div>
      {data?.plugins.length === 0 && (
        <Panel>
          <Empty icon={<IconPuzzle />} title={t`No plugins found`}>
            <Trans>
              Even the basic blocks are plugins, so the folder is probably mounted in the wrong place. Check
              where the server looks for plugins.
            </Trans>
          </Empty>
        </Panel>
      )}
    </Page>
  );
}

/** The card has a title already. */
const withoutTitle = (readme: string) => readme.replace(/^#\s[^\n]*\n*/, "");

function PluginCard({ plugin, types }: { plugin: Plugin; types: NodeType[] }) {
  const { version } = plugin;
  return (
    <section className={css.card} aria-label={plugin.title}>
      <header className={css.head}>
        <h2 className={css.title}>{plugin.title}</h2>
        <span className={css.facts}>
          {version !== "" && <Trans>version {version}</Trans>}
          <code>{plugin.source}</code>
        </span>
      </header>
      <ul className={css.types}>
        {types.map((type) => (
          <li key={type.type} className={css.type} data-kind={type.kind}>
            <b>{type.title}</b>
            <span>{type.help.split("\n")[0]}</span>
          </li>
        ))}
      </ul>
      {plugin.readme !== "" && (
        <details className={css.readme}>
          <summary>
            <Trans>About this plugin</Trans>
          </summary>
          <Markdown source={withoutTitle(plugin.readme)} under={2} />
        </details>
      )}
    </section>
  );
}
