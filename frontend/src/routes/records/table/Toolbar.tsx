// Above the table: search, filter, grouping, columns and saved views.
import { Button, Checkbox, Menu, Popover, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import {
  IconBookmark,
  IconCheck,
  IconColumns,
  IconFilter,
  IconSearch,
  IconStack2,
  IconTrash,
} from "@tabler/icons-react";
import { type SyntheticEvent, useState } from "react";
import type { Field, TypeShape } from "../model";
import { countOf } from "./filters";
import css from "./table.module.css";
import type { useView } from "./views";

export type Views = ReturnType<typeof useView>;

interface Props {
  type: TypeShape;
  fields: readonly Field[];
  columns: readonly Field[];
  views: Views;
  search: string;
  onSearch: (search: string) => void;
  filtering: boolean;
  onFiltering: () => void;
  trash: boolean;
}

export function Toolbar(props: Props) {
  const { t } = useLingui();
  const { views, fields, trash } = props;
  const rules = countOf(views.view.filter);
  return (
    <div className={css.toolbar}>
      <TextInput
        className={css.search ?? ""}
        type="search"
        aria-label={t`Search in the list`}
        placeholder={t`Search`}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={props.search}
        onChange={(event) => props.onSearch(event.currentTarget.value)}
      />
      {!trash && (
        <>
          <Button
            variant="default"
            leftSection={<IconFilter size={16} aria-hidden />}
            aria-expanded={props.filtering}
            onClick={props.onFiltering}
          >
            {rules > 0 ? t`Filter: ${rules}` : t`Filter`}
          </Button>
          <Grouping fields={fields} views={views} />
          <Columns {...props} />
          <SavedViews views={views} />
        </>
      )}
    </div>
  );
}

const grouped = new Set(["choice", "calculated", "stage", "person"]);

function Grouping({ fields, views }: { fields: readonly Field[]; views: Views }) {
  const { t } = useLingui();
  const possible = fields.filter((one) => grouped.has(one.shownAs));
  if (possible.length === 0) return null;
  const now = possible.find((one) => one.key === views.view.groupBy);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" leftSection={<IconStack2 size={16} aria-hidden />}>
          {now ? t`By ${{ name: now.name }}` : t`Group`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {[null, ...possible].map((one) => (
          <Menu.Item
            key={one?.key ?? ""}
            onClick={() => views.set({ groupBy: one?.key ?? null })}
            rightSection={(now?.key ?? "") === (one?.key ?? "") && <IconCheck size={16} aria-hidden />}
          >
            {one ? one.name : t`No groups`}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Columns({ type, fields, columns, views }: Props) {
  const { t } = useLingui();
  const shown = columns.map((one) => one.key);
  const toggle = (key: string) =>
    views.set({ columns: shown.includes(key) ? shown.filter((one) => one !== key) : [...shown, key] });
  return (
    <Popover position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns size={16} aria-hidden />}>
          <Trans>Columns</Trans>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={css.dropdown ?? ""} aria-label={t`Columns`}>
        {fields.map((one) => (
          <Checkbox
            key={one.key}
            label={one.name}
            checked={shown.includes(one.key)}
            disabled={one.key === type.titleField}
            onChange={() => toggle(one.key)}
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

function SavedViews({ views }: { views: Views }) {
  const { t } = useLingui();
  const [name, setName] = useState("");
  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    views.save(name.trim());
    setName("");
  };
  return (
    <Popover position="bottom-end" trapFocus shadow="md" width={280}>
      <Popover.Target>
        <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />}>
          <Trans>Views</Trans>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Views`}>
        <ul className={css.views}>
          {views.saved.map((one) => (
            <li key={one.name}>
              <Button variant="subtle" size="compact-sm" onClick={() => views.open(one)}>
                {one.name}
              </Button>
              <Button
                variant="subtle"
                color="gray"
                size="compact-sm"
                aria-label={t`Forget the view “${{ name: one.name }}”`}
                onClick={() => views.forget(one.name)}
              >
                <IconTrash size={14} aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
        <form onSubmit={save} className={css.saveView}>
          <TextInput
            label={t`Save this view as`}
            description={t`Columns, sort, filter and groups. Only for you, in this browser.`}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={name.trim() === ""}>
            <Trans>Save</Trans>
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
