// The list in groups: each value with count and sums, its records a click away.
import { UnstyledButton } from "@mantine/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";
import { useQuery } from "urql";
import { RecordGroupsDocument } from "../../../api/generated/records";
import { Failed, Panel, Waiting } from "../../../ui/Parts";
import { tellSum } from "../fields/format";
import { useTelling } from "../fields/useTelling";
import { Value } from "../fields/Value";
import { type Field, type Row, settingsOf, type TypeShape } from "../model";
import { type Filter, type Rule, sent } from "./filters";
import { List } from "./List";
import css from "./table.module.css";
import type { Views } from "./Toolbar";

interface Props {
  type: TypeShape;
  by: Field;
  columns: readonly Field[];
  filter: Filter;
  search: string;
  views: Views;
  empty: ReactNode;
  made: Row | null;
}

export function Groups({ type, by, columns, filter, search, views, empty, made }: Props) {
  const { t } = useLingui();
  const telling = useTelling();
  const summed = columns.filter((one) => one.summed);
  const wish = useMemo(() => sent(filter), [filter]);
  const [{ data, error }, ask] = useQuery({
    query: RecordGroupsDocument,
    variables: { type: type.key, by: by.key, fields: summed.map((one) => one.key), filter: wish, search },
  });
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  if (error && !data) return <Failed error={error} again={() => ask({ requestPolicy: "network-only" })} />;
  if (!data) return <Waiting what={t`Counting groups…`} lines={4} />;
  const groups = inOrder(data.recordGroups, by);
  if (groups.length === 0) return <Panel>{empty}</Panel>;
  const toggle = (value: string) =>
    setOpen((was) => {
      const next = new Set(was);
      if (!next.delete(value)) next.add(value);
      return next;
    });
  return (
    <div className={css.groups}>
      {groups.map((group) => {
        const mark = group.value ?? "";
        const opened = open.has(mark);
        const sums = group.sums as Record<string, string>;
        return (
          <Panel key={mark}>
            <UnstyledButton className={css.group} aria-expanded={opened} onClick={() => toggle(mark)}>
              <IconChevronRight size={16} aria-hidden className={css.chevron} />
              {group.value === null ? (
                <Trans>Not filled</Trans>
              ) : (
                <Value field={by} value={group.value} telling={telling} />
              )}
              <span className={css.soft}>
                <Plural value={group.count} one="# record" other="# records" />
              </span>
              <span className={css.groupSums}>
                {summed.map((one) => (
                  <span key={one.key}>
                    <span className={css.soft}>{one.name}</span>{" "}
                    {tellSum(one, sums[one.key] ?? "0", telling.locale)}
                  </span>
                ))}
              </span>
            </UnstyledButton>
            {opened && (
              <GroupRows
                {...{ type, columns, filter, search, views, empty, made }}
                by={by}
                value={group.value}
              />
            )}
          </Panel>
        );
      })}
    </div>
  );
}

function GroupRows({ value, by, filter, ...rest }: Omit<Props, "by"> & { by: Field; value: string | null }) {
  const wish = useMemo(() => {
    const rule: Rule = { field: by.key, op: value === null ? "is_empty" : "eq", value };
    return sent(filter, [rule]);
  }, [filter, by.key, value]);
  return <List {...rest} filter={wish} trash={false} made={null} noSums />;
}

/** As the options stand; what has none comes last. */
function inOrder<G extends { value: string | null }>(groups: readonly G[], by: Field): G[] {
  const order = (settingsOf(by).options ?? []).map((one) => one.id);
  const place = ({ value }: G) =>
    value === null ? Infinity : order.includes(value) ? order.indexOf(value) : order.length;
  return [...groups].sort((one, other) => place(one) - place(other));
}
