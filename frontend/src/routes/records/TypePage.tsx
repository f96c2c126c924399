// One type: as a table, or as a board when its records go through stages.
import { ActionIcon, Button, SegmentedControl, Tooltip } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlus, IconSettings, IconTrash } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { useMay } from "../../api/session";
import { Page } from "../../ui/Page";
import { Failed, Waiting } from "../../ui/Parts";
import { NotFoundPage } from "../NotFoundPage";
import type { Row, TypeShape } from "./model";
import { NewRecord } from "./NewRecord";
import { TableView } from "./table/TableView";
import { useTypes } from "./useTypes";

const Board = lazy(async () => ({ default: (await import("./board/Board")).Board }));

export function TypePage({ typeKey }: { typeKey: string }) {
  const { t } = useLingui();
  const { types, known, error, refresh, fetching } = useTypes();
  const type = types.find((one) => one.key === typeKey);
  if (type) return <OneType type={type} types={types} />;
  if (known && !fetching) return <NotFoundPage />;
  return (
    <Page title={t`Records`} wide>
      {error ? <Failed error={error} again={refresh} /> : <Waiting what={t`Loading records…`} lines={8} />}
    </Page>
  );
}

function OneType({ type, types }: { type: TypeShape; types: readonly TypeShape[] }) {
  const { t } = useLingui();
  const builds = useMay("build");
  const works = useMay("work");
  const [params, setParams] = useSearchParams();
  const view = params.get("view");
  const trash = view === "trash";
  const board = view === "board" && type.pipelines.length > 0;
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Row | null>(null);
  const show = (next: string) => setParams(next === "table" ? {} : { view: next });
  return (
    <Page
      title={type.plural}
      heading={trash ? t`${{ name: type.plural }}: trash` : type.plural}
      wide
      actions={
        <>
          {type.pipelines.length > 0 && !trash && (
            <SegmentedControl
              aria-label={t`View`}
              value={board ? "board" : "table"}
              onChange={show}
              data={[
                { value: "table", label: t`Table` },
                { value: "board", label: t`Board` },
              ]}
            />
          )}
          {trash ? (
            <Button variant="default" onClick={() => show("table")}>
              <Trans>Back to the list</Trans>
            </Button>
          ) : (
            <Tooltip label={t`Trash`}>
              <ActionIcon size={36} variant="default" aria-label={t`Trash`} onClick={() => show("trash")}>
                <IconTrash size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          {builds && (
            <Tooltip label={t`Fields and stages`}>
              <ActionIcon
                size={36}
                variant="default"
                component={Link}
                to={`/records/${type.key}/settings`}
                aria-label={t`Fields and stages`}
              >
                <IconSettings size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          {!trash && works && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
              <Trans>New record</Trans>
            </Button>
          )}
        </>
      }
    >
      {board ? (
        <Suspense fallback={<Waiting what={t`Loading the board…`} lines={6} />}>
          <Board type={type} made={made} />
        </Suspense>
      ) : (
        <TableView
          key={String(trash)}
          type={type}
          types={types}
          trash={trash}
          made={made}
          make={() => setMaking(true)}
        />
      )}
      {making && <NewRecord type={type} close={() => setMaking(false)} made={setMade} />}
    </Page>
  );
}
