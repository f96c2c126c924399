// The list of scenarios: find, switch, open, import, delete.
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconBolt, IconFileImport, IconPlus, IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { ScenarioListDocument, type ScenarioListQuery } from "../../api/generated/graphql";
import { useMay } from "../../api/session";
import { useKeyset } from "../../api/useKeyset";
import { useNews } from "../../api/useNews";
import { useShortcuts } from "../../ui/keys";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty, Failed, Panel, Waiting } from "../../ui/Parts";
import rows from "../../ui/Rows.module.css";
import { useOpenedOnce } from "../../ui/useOpenedOnce";
import { ScenarioRow } from "./ScenarioRow";
import css from "./ScenariosPage.module.css";
import { useCreateScenario } from "./useCreateScenario";

const ImportDialog = lazy(async () => ({ default: (await import("./ImportDialog")).ImportDialog }));

const pick = (data: ScenarioListQuery) => data.scenarios;

export function ScenariosPage() {
  const { t } = useLingui();
  const builds = useMay("build");
  const create = useCreateScenario();
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState("");
  const [settled] = useDebouncedValue(search.trim(), 200);
  const variables = useMemo(() => ({ first: 50, search: settled }), [settled]);
  const list = useKeyset(ScenarioListDocument, variables, pick);
  const field = useRef<HTMLInputElement>(null);

  useNews("runs", list.refresh);
  useShortcuts(msg`Scenarios`, [
    { codes: ["Slash"], label: msg`Find a scenario`, run: () => field.current?.focus() },
    ...(builds ? [{ codes: ["KeyN"], label: msg`Build a scenario`, run: () => void create() }] : []),
  ]);

  const setImporting = (on: boolean) => setParams(on ? { import: "" } : {}, { replace: true });
  const importing = params.has("import");
  const once = useOpenedOnce(importing);
  const isEmpty = list.items?.length === 0 && settled === "";

  return (
    <Page
      title={t`Scenarios`}
      about={
        builds
          ? undefined
          : t`You can look at scenarios and their runs. To change them, ask an owner for the builder role.`
      }
      actions={
        builds && (
          <>
            <Button
              variant="default"
              leftSection={<IconFileImport size={16} aria-hidden />}
              onClick={() => setImporting(true)}
            >
              <Trans>Import</Trans>
            </Button>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => void create()}>
              <Trans>Build a scenario</Trans>
            </Button>
          </>
        )
      }
    >
      {!isEmpty && (
        <TextInput
          ref={field}
          className={css.search ?? ""}
          type="search"
          aria-label={t`Find a scenario`}
          placeholder={t`Find by name`}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {list.error && <Failed error={list.error} again={list.refresh} />}
      {!list.items && !list.error && <Waiting what={t`Loading scenarios…`} />}
      {list.items && list.items.length > 0 && (
        <Panel>
          <ul className={rows.rows} aria-label={t`Scenarios`}>
            {list.items.map((scenario) => (
              <ScenarioRow key={scenario.id} scenario={scenario} onGone={list.refresh} />
            ))}
          </ul>
        </Panel>
      )}
      <More hasMore={list.hasMore} loading={list.loadingMore} onMore={list.loadMore} />
      {isEmpty && (
        <Panel>
          <Empty
            icon={<IconBolt />}
            title={t`No scenarios yet`}
            action={
              builds && (
                <>
                  <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => void create()}>
                    <Trans>Build a scenario</Trans>
                  </Button>
                  <Button variant="default" onClick={() => setImporting(true)}>
                    <Trans>Import from text</Trans>
                  </Button>
                </>
              )
            }
          >
            <Trans>
              A scenario says what to do when something happens: a request arrives, a form is filled in,
              Monday begins.
            </Trans>
          </Empty>
        </Panel>
      )}
      {list.items?.length === 0 && settled !== "" && (
        <Panel>
          <Empty icon={<IconSearch />} title={t`No scenario is called “${settled}”`}>
            <Trans>Check the word or clear the field to see all scenarios.</Trans>
          </Empty>
        </Panel>
      )}
      <Suspense>
        {builds && once && <ImportDialog opened={importing} close={() => setImporting(false)} />}
      </Suspense>
    </Page>
  );
}
