// How a type is made: its names, its fields, the stages its records go through.
import { ActionIcon, Anchor, Badge, Button, Menu } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconArrowDown, IconArrowUp, IconDots, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { useMutation } from "urql";
import { ArchiveObjectFieldDocument, UpdateObjectFieldDocument } from "../../../api/generated/records";
import { useMay } from "../../../api/session";
import { Confirm } from "../../../ui/Confirm";
import { Page } from "../../../ui/Page";
import { Failed, Panel, Waiting } from "../../../ui/Parts";
import { wordsOf } from "../../../ui/problems";
import rows from "../../../ui/Rows.module.css";
import { sayDone, sayFailed } from "../../../ui/toast";
import { NotFoundPage } from "../../NotFoundPage";
import type { Field, TypeShape } from "../model";
import { useTypes } from "../useTypes";
import css from "./designer.module.css";
import { FieldDialog } from "./FieldDialog";
import { useKinds } from "./kinds";
import { Pipelines } from "./Pipelines";
import { TypeNames } from "./TypeNames";

export function DesignerPage({ typeKey }: { typeKey: string }) {
  const { t } = useLingui();
  const builds = useMay("build");
  const { types, known, fetching, error, refresh } = useTypes();
  const type = types.find((one) => one.key === typeKey);
  if (!builds || (known && !type && !fetching)) return <NotFoundPage />;
  if (!type)
    return (
      <Page title={t`Fields and stages`}>
        {error ? <Failed error={error} again={refresh} /> : <Waiting what={t`Loading the type…`} />}
      </Page>
    );
  const name = type.plural;
  return (
    <Page
      title={t`${name}: fields and stages`}
      heading={name}
      about={
        <Anchor component={Link} to={`/records/${type.key}`} size="sm">
          <Trans>To the records</Trans>
        </Anchor>
      }
    >
      <div className={css.sections}>
        <Fields type={type} types={types} refresh={refresh} />
        <Pipelines type={type} refresh={refresh} />
        <TypeNames key={type.id} type={type} refresh={refresh} />
      </div>
    </Page>
  );
}

interface FieldsProps {
  type: TypeShape;
  types: readonly TypeShape[];
  refresh: () => void;
}

function Fields({ type, types, refresh }: FieldsProps) {
  const { t } = useLingui();
  const [editing, setEditing] = useState<Field | "new" | null>(null);
  const [leaving, setLeaving] = useState<Field | null>(null);
  const [, archive] = useMutation(ArchiveObjectFieldDocument);
  const [{ fetching: moving }, update] = useMutation(UpdateObjectFieldDocument);
  const away = t`The server does not answer. Nothing was changed: try again.`;
  const move = async (field: Field, position: number) => {
    const { data, error } = await update({ type: type.key, key: field.key, change: { position } });
    const [problem] = data?.updateObjectField.problems ?? [];
    if (problem) sayFailed(wordsOf(problem));
    else if (error) sayFailed(error.graphQLErrors[0]?.message ?? away);
    refresh();
  };
  const leave = async (field: Field) => {
    const { data, error } = await archive({ type: type.key, key: field.key });
    const [problem] = data?.archiveObjectField.problems ?? [];
    if (problem) sayFailed(wordsOf(problem));
    else if (error) sayFailed(error.graphQLErrors[0]?.message ?? away);
    else sayDone(t`The field “${{ name: field.name }}” is put away`);
    refresh();
  };
  return (
    <Panel
      title={t`Fields`}
      aside={
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setEditing("new")}>
          <Trans>Add a field</Trans>
        </Button>
      }
    >
      <ol className={rows.rows} aria-label={t`Fields`}>
        {type.fields.map((field, at) => (
          <FieldLine
            key={field.key}
            field={field}
            names={field.key === type.titleField}
            edit={() => setEditing(field)}
            up={at > 0 && !moving ? () => void move(field, at - 1) : null}
            down={at < type.fields.length - 1 && !moving ? () => void move(field, at + 1) : null}
            leave={() => setLeaving(field)}
          />
        ))}
      </ol>
      {editing !== null && (
        <FieldDialog
          type={type}
          types={types}
          field={editing === "new" ? null : editing}
          close={() => setEditing(null)}
          done={refresh}
        />
      )}
      <Confirm
        opened={leaving !== null}
        title={t`Put away the field “${{ name: leaving?.name ?? "" }}”?`}
        verb={t`Put away`}
        onClose={() => setLeaving(null)}
        onConfirm={async () => leaving && leave(leaving)}
      >
        <Trans>It disappears from the screens. Its values stay in the records.</Trans>
      </Confirm>
    </Panel>
  );
}

interface LineProps {
  field: Field;
  names: boolean;
  edit: () => void;
  up: (() => void) | null;
  down: (() => void) | null;
  leave: () => void;
}

function FieldLine({ field, names, edit, up, down, leave }: LineProps) {
  const { t } = useLingui();
  const kind = useKinds().find((one) => one.id === field.kind);
  const Icon = kind?.icon;
  return (
    <li className={`${rows.row} ${css.fieldLine}`}>
      {Icon && <Icon size={18} aria-hidden className={css.kindIcon} />}
      <button
        type="button"
        className={css.fieldName}
        onClick={edit}
        aria-label={t`Change the field “${{ name: field.name }}”`}
      >
        <span>{field.name}</span>
        <span className={rows.soft}>
          {kind?.name} · {field.key}
        </span>
      </button>
      <span className={css.marks}>
        {names && <Badge variant="light">{t`title`}</Badge>}
        {field.required && <Badge variant="light">{t`required`}</Badge>}
        {field.unique && <Badge variant="light">{t`unique`}</Badge>}
      </span>
      <span className={css.tools}>
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={!up}
          aria-label={t`“${{ name: field.name }}” up`}
          onClick={() => up?.()}
        >
          <IconArrowUp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={!down}
          aria-label={t`“${{ name: field.name }}” down`}
          onClick={() => down?.()}
        >
          <IconArrowDown size={16} aria-hidden />
        </ActionIcon>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t`More about “${{ name: field.name }}”`}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={edit}>
              <Trans>Change</Trans>
            </Menu.Item>
            <Menu.Item color="red" onClick={leave}>
              <Trans>Put away</Trans>
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </span>
    </li>
  );
}
