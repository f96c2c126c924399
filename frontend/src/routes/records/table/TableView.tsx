// The table of a type with everything around it: search, filter, grouping, columns, views, the trash.
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconFilterOff, IconTrash } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useMay } from "../../../api/session";
import { Empty, Panel } from "../../../ui/Parts";
import { TypeIcon } from "../icons";
import type { Field, Row, TypeShape } from "../model";
import { useFields } from "../useTypes";
import { FilterBar } from "./FilterBar";
import { countOf, noFilter, sent } from "./filters";
import { Groups } from "./Groups";
import { List } from "./List";
import { Toolbar } from "./Toolbar";
import { useView, type View } from "./views";

interface Props {
  type: TypeShape;
  types: readonly TypeShape[];
  trash: boolean;
  /** The record just made elsewhere on the screen. */
  made: Row | null;
  make: () => void;
}

const firstColumns = 7;

export function columnsOf(fields: readonly Field[], type: TypeShape, view: View): Field[] {
  const title = fields.find((one) => one.key === type.titleField);
  const chosen = view.columns
    ? view.columns.flatMap((key) => fields.find((one) => one.key === key) ?? [])
    : usual(fields, title);
  return title && !chosen.includes(title) ? [title, ...chosen] : chosen;
}

function usual(fields: readonly Field[], title: Field | undefined): Field[] {
  const stage = fields.find((one) => one.key === "stage");
  const first = [title, stage].flatMap((one) => one ?? []);
  const rest = fields.filter(
    (one) => !first.includes(one) && one.kind !== "longtext" && one.kind !== "autonumber",
  );
  return [...first, ...rest].slice(0, firstColumns);
}

export function TableView({ type, trash, made, make }: Props) {
  const { t } = useLingui();
  const works = useMay("work");
  const fields = useFields(type);
  const views = useView(type.key);
  const { view, set } = views;
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 250);
  const [filtering, setFiltering] = useState(view.filter.rules.length > 0);
  const [settled] = useDebouncedValue(view.filter, 300);
  const columns = useMemo(() => columnsOf(fields, type, view), [fields, type, view]);
  const filter = useMemo(() => (trash ? null : sent(settled)), [settled, trash]);
  const narrowed = asked !== "" || countOf(settled) > 0;
  const grouping = trash ? undefined : fields.find((one) => one.key === view.groupBy);
  const clear = () => {
    setSearch("");
    set({ filter: noFilter });
  };
  const empty = trash ? (
    <Empty icon={<IconTrash />} title={t`The trash is empty`}>
      <Trans>What you delete lies here until it is put back.</Trans>
    </Empty>
  ) : narrowed ? (
    <Empty
      icon={<IconFilterOff />}
      title={t`Nothing fits`}
      action={
        <Button variant="default" onClick={clear}>
          <Trans>Clear search and filter</Trans>
        </Button>
      }
    >
      <Trans>No record fits this search and filter.</Trans>
    </Empty>
  ) : (
    <Empty
      icon={<TypeIcon name={type.icon} />}
      title={t`No records yet`}
      action={
        works && (
          <Button onClick={make}>
            <Trans>Add the first one</Trans>
          </Button>
        )
      }
    >
      <Trans>Add one by hand, or let a scenario do it.</Trans>
    </Empty>
  );
  return (
    <>
      <Toolbar
        type={type}
        fields={fields}
        columns={columns}
        views={views}
        search={search}
        onSearch={setSearch}
        filtering={filtering}
        onFiltering={() => setFiltering((was) => !was)}
        trash={trash}
      />
      {filtering && !trash && (
        <FilterBar fields={fields} filter={view.filter} onChange={(next) => set({ filter: next })} />
      )}
      {grouping ? (
        <Groups
          key={grouping.key}
          type={type}
          by={grouping}
          columns={columns}
          filter={settled}
          search={asked}
          views={views}
          empty={empty}
          made={made}
        />
      ) : (
        <Panel>
          <List
            type={type}
            columns={columns}
            filter={filter}
            search={asked}
            trash={trash}
            views={views}
            empty={empty}
            made={made}
          />
        </Panel>
      )}
    </>
  );
}
