// A field: first its kind from the gallery, then its name and what its kind wants to know.
import { Button, Checkbox, Collapse, Group, Modal, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useState } from "react";
import { useMutation, useQuery } from "urql";
import {
  AddObjectFieldDocument,
  FieldKindsDocument,
  UpdateObjectFieldDocument,
} from "../../../api/generated/records";
import { currentLocale } from "../../../ui/i18n";
import { ProblemList, useProblems } from "../../../ui/problems";
import { type Field, type FieldSettings, type Names, settingsOf, type TypeShape } from "../model";
import css from "./designer.module.css";
import { KindSettings } from "./KindSettings";
import { keyFrom } from "./keys";
import { useKinds } from "./kinds";
import { settingsFor, tidy } from "./settings";

interface Props {
  type: TypeShape;
  types: readonly TypeShape[];
  /** null: a new one. */
  field: Field | null;
  close: () => void;
  done: () => void;
}

export function FieldDialog(props: Props) {
  const { t } = useLingui();
  const { field, close } = props;
  const [kind, setKind] = useState(field?.kind ?? "");
  return (
    <Modal
      opened
      size="lg"
      onClose={close}
      closeOnClickOutside={false}
      title={field ? t`Field “${{ name: field.name }}”` : kind === "" ? t`What kind of field?` : t`New field`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      {kind === "" ? (
        <Gallery choose={setKind} />
      ) : (
        <FieldForm key={kind} {...props} kind={kind} back={field ? null : () => setKind("")} />
      )}
    </Modal>
  );
}

function Gallery({ choose }: { choose: (kind: string) => void }) {
  return (
    <ul className={css.gallery}>
      {useKinds().map(({ id, name, example, icon: Icon }, at) => (
        <li key={id}>
          <UnstyledButton
            className={css.kind}
            onClick={() => choose(id)}
            data-autofocus={at === 0 || undefined}
          >
            <Icon size={20} aria-hidden />
            <span>
              <strong>{name}</strong>
              <span className={css.example}>{example}</span>
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

interface FormProps extends Props {
  kind: string;
  back: (() => void) | null;
}

const told = ["names", "key", "settings", "unique", "default", "help"] as const;

function FieldForm({ type, types, field, kind, back, close, done }: FormProps) {
  const { t } = useLingui();
  const locale = currentLocale();
  const other = locale === "en" ? "ru" : "en";
  const kindName = useKinds().find((one) => one.id === kind)?.name ?? kind;
  const [names, setNames] = useState((field?.names ?? {}) as Names);
  const [help, setHelp] = useState(field?.help ?? "");
  const [required, setRequired] = useState(field?.required ?? false);
  const [unique, setUnique] = useState(field?.unique ?? false);
  const [settings, setSettings] = useState<FieldSettings>(() =>
    field ? settingsOf(field) : settingsFor(kind, type, types),
  );
  const [more, setMore] = useState(false);
  const problems = useProblems(told);
  const [{ data: kinds }] = useQuery({ query: FieldKindsDocument, requestPolicy: "cache-first" });
  const known = kinds?.fieldKinds.find((one) => one.id === kind);
  const [{ fetching: adding }, add] = useMutation(AddObjectFieldDocument);
  const [{ fetching: changing }, update] = useMutation(UpdateObjectFieldDocument);
  const taken = type.fields.map((one) => one.key);
  const key = field?.key ?? keyFrom(names[locale] ?? names[other] ?? "", taken);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const said = Object.fromEntries(Object.entries(names).filter(([, name]) => name.trim() !== ""));
    const wanted = {
      names: said,
      settings: tidy(settings),
      help: help === "" ? {} : { [locale]: help },
      required,
      unique,
    };
    const took = field
      ? problems.took(
          await update({ type: type.key, key, change: wanted }),
          (data) => data.updateObjectField.problems,
        )
      : problems.took(
          await add({ type: type.key, field: { key, kind, ...wanted } }),
          (data) => data.addObjectField.problems,
        );
    if (!took) return;
    done();
    close();
  };
  const name = (of: string, label: string, focus: boolean) => (
    <TextInput
      {...(focus && { "data-autofocus": true, autoFocus: true })}
      label={label}
      value={names[of] ?? ""}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setNames((was) => ({ ...was, [of]: value }));
      }}
      error={focus && problems.at("names")}
    />
  );
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <ProblemList problems={problems.rest} />
        {name(locale, t({ context: "record", message: "Name" }), true)}
        <p className={css.key}>
          {kindName} · <Trans>key for formulas:</Trans> <code>{key}</code>
        </p>
        <KindSettings
          kind={kind}
          type={type}
          types={types}
          made={field !== null}
          settings={settings}
          onChange={(part) => setSettings((was) => ({ ...was, ...part }))}
        />
        {problems.at("settings") !== undefined && (
          <p role="alert" className={css.wrong}>
            {problems.at("settings")}
          </p>
        )}
        {known?.computed !== true && (
          <Checkbox
            label={t`Must be filled`}
            checked={required}
            onChange={(event) => setRequired(event.currentTarget.checked)}
          />
        )}
        {known?.unique === true && !known.computed && (
          <Checkbox
            label={t`No two records may have the same`}
            checked={unique}
            onChange={(event) => setUnique(event.currentTarget.checked)}
            error={problems.at("unique")}
          />
        )}
        <UnstyledButton className={css.more} aria-expanded={more} onClick={() => setMore(!more)}>
          <Trans>Name in the other language, help</Trans>
        </UnstyledButton>
        <Collapse expanded={more}>
          <Stack gap="sm">
            {name(other, other === "ru" ? t`Name in Russian` : t`Name in English`, false)}
            <TextInput
              label={t`Help under the field`}
              value={help}
              onChange={(event) => setHelp(event.currentTarget.value)}
            />
          </Stack>
        </Collapse>
        <Group justify="space-between" gap="sm">
          {back ? (
            <Button variant="subtle" onClick={back}>
              <Trans>Other kind</Trans>
            </Button>
          ) : (
            <span />
          )}
          <Group gap="sm">
            <Button variant="default" onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={adding || changing}>
              {field ? <Trans>Save</Trans> : <Trans>Add</Trans>}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
