// Records of other types that point to this one, in tabs with their counts.
import { Button, Tabs } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconLink, IconPlus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { RecordSumsDocument } from "../../../api/generated/records";
import { Empty, Panel } from "../../../ui/Parts";
import { type Field, named, type Row, settingsOf, type TypeShape } from "../model";
import { NewRecord } from "../NewRecord";
import { firstView, type View } from "../table/views";
import { List } from "../table/List";
import { columnsOf } from "../table/TableView";
import { useFields } from "../useTypes";
import css from "./card.module.css";

interface Props {
  type: TypeShape;
  types: readonly TypeShape[];
  row: Row;
  editable: boolean;
}

interface Back {
  type: TypeShape;
  field: Field;
  key: string;
}

export function Related({ type, types, row, editable }: Props) {
  const { t } = useLingui();
  const backs = useMemo(
    () =>
      types.flatMap((other) =>
        other.fields
          .filter((field) => field.kind === "relation" && settingsOf(field).target === type.key)
          .map((field): Back => ({ type: other, field, key: `${other.key}.${field.key}` })),
      ),
    [types, type.key],
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const now = backs.find((one) => one.key === chosen) ?? backs[0];
  if (!now) return null;
  return (
    <Panel>
      <Tabs value={now.key} onChange={setChosen} keepMounted={false} className={css.tabs ?? ""}>
        <Tabs.List aria-label={t`What points to this record`}>
          {backs.map((one) => (
            <Tabs.Tab key={one.key} value={one.key}>
              <TabName back={one} row={row} />
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {backs.map((one) => (
          <Tabs.Panel key={one.key} value={one.key}>
            <RelatedList back={one} row={row} editable={editable} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}

const filterOf = (field: Field, row: Row) => ({
  match: "all",
  rules: [{ field: field.key, op: "eq", value: row.id }],
});

function TabName({ back: { type, field }, row }: { back: Back; row: Row }) {
  const { i18n } = useLingui();
  const filter = useMemo(() => filterOf(field, row), [field, row]);
  const [{ data }] = useQuery({
    query: RecordSumsDocument,
    variables: { type: type.key, fields: [], filter, search: "" },
  });
  const name = named(settingsOf(field).back_names, i18n.locale) || type.plural;
  return (
    <>
      {name} <span className={css.count}>{data?.recordSums.count ?? ""}</span>
    </>
  );
}

function RelatedList({ back: { type, field }, row, editable }: { back: Back; row: Row; editable: boolean }) {
  const { t } = useLingui();
  const fields = useFields(type);
  const [view, setView] = useState<View>(firstView);
  const [made, setMade] = useState<Row | null>(null);
  const [making, setMaking] = useState(false);
  const views = {
    view,
    set: (part: Partial<View>) => setView((was) => ({ ...was, ...part })),
    saved: [],
    open: () => undefined,
    save: () => undefined,
    forget: () => undefined,
  };
  const columns = columnsOf(fields, type, view).filter((one) => one.key !== field.key);
  const filter = useMemo(() => filterOf(field, row), [field, row]);
  const given = useMemo(() => ({ [field.key]: settingsOf(field).many ? [row.id] : row.id }), [field, row.id]);
  const titles = useMemo(() => new Map([[row.id, row.title]]), [row.id, row.title]);
  const { name } = type;
  const add = editable && (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setMaking(true)}
    >
      <Trans>Add: {name}</Trans>
    </Button>
  );
  return (
    <div className={css.related}>
      {made && add}
      <List
        type={type}
        columns={columns}
        filter={filter}
        search=""
        trash={false}
        lines={3}
        views={views}
        made={made}
        empty={
          <Empty icon={<IconLink />} title={t`Nothing here yet`} action={add}>
            <Trans>Records that point to this one stand here.</Trans>
          </Empty>
        }
      />
      {!made && add}
      {making && (
        <NewRecord type={type} given={given} titles={titles} close={() => setMaking(false)} made={setMade} />
      )}
    </div>
  );
}
