// The options of a list: colour, name, and for calculated lists the number each carries.
import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconArrowBackUp, IconPlus, IconX } from "@tabler/icons-react";
import fields from "../fields/fields.module.css";
import { named, type Option } from "../model";
import css from "./designer.module.css";
import { isNew, newId } from "./settings";

interface Props {
  options: readonly Option[];
  counted: boolean;
  onChange: (options: Option[]) => void;
}

export const colors = ["", "green", "blue", "teal", "violet", "pink", "red", "orange", "yellow"];

export function OptionsEditor({ options, counted, onChange }: Props) {
  const { t, i18n } = useLingui();
  const set = (at: number, part: Partial<Option>) =>
    onChange(options.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const remove = (at: number) => {
    const one = options[at];
    if (!one) return;
    // What records may hold stays, but is no longer offered.
    if (isNew(one.id)) onChange(options.filter((_, index) => index !== at));
    else set(at, { archived: one.archived !== true });
  };
  return (
    <fieldset className={css.options}>
      <legend>{t`Options`}</legend>
      {options.map((one, at) => {
        const name = named(one.names, i18n.locale);
        return (
          <div key={one.id} className={css.option} data-away={one.archived === true || undefined}>
            <ColorChoice value={one.color ?? ""} onChange={(color) => set(at, { color })} name={name} />
            <TextInput
              aria-label={t`Option ${{ number: at + 1 }}`}
              value={one.names[i18n.locale] ?? name}
              disabled={one.archived === true}
              autoFocus={isNew(one.id) && at === options.length - 1}
              onChange={(event) =>
                set(at, { names: { ...one.names, [i18n.locale]: event.currentTarget.value } })
              }
            />
            {counted && (
              <TextInput
                className={css.number ?? ""}
                aria-label={t`Number of option ${{ number: at + 1 }}`}
                inputMode="decimal"
                placeholder="0.1"
                value={one.value === undefined ? "" : String(one.value)}
                onChange={(event) => set(at, { value: event.currentTarget.value.replace(",", ".") })}
              />
            )}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={one.archived ? t`Offer “${name}” again` : t`Take out “${name}”`}
              onClick={() => remove(at)}
            >
              {one.archived ? <IconArrowBackUp size={16} aria-hidden /> : <IconX size={16} aria-hidden />}
            </ActionIcon>
          </div>
        );
      })}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onChange([...options, { id: newId(), names: {}, ...(counted && { value: "0" }) }])}
      >
        <Trans>Add an option</Trans>
      </Button>
    </fieldset>
  );
}

interface ColorProps {
  value: string;
  name: string;
  onChange: (color: string) => void;
}

export function ColorChoice({ value, name, onChange }: ColorProps) {
  const { t } = useLingui();
  const words: Record<string, string> = {
    "": t`grey`,
    green: t`green`,
    blue: t`blue`,
    teal: t`teal`,
    violet: t`violet`,
    pink: t`pink`,
    red: t`red`,
    orange: t`orange`,
    yellow: t`yellow`,
  };
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t`Colour of “${name}”: ${{ color: words[value] ?? value }}`}
        >
          <span className={fields.dot} data-color={value || undefined} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {colors.map((one) => (
          <Menu.Item
            key={one}
            leftSection={<span className={fields.dot} data-color={one || undefined} />}
            onClick={() => onChange(one)}
          >
            {words[one]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
