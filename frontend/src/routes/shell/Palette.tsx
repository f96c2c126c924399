// Ctrl+K: one field that finds screens, scenarios and actions, even when typed on the wrong keyboard layout.
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useId, useState } from "react";
import { type Command, usePalette } from "../../ui/commands";
import css from "./Palette.module.css";
import { useFound } from "./useFound";

export function Palette() {
  const { t } = useLingui();
  const { opened, close } = usePalette();
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      padding={0}
      size={560}
      centered={false}
      yOffset="12dvh"
      attributes={{ content: { "aria-label": t`Search and commands` } }}
      transitionProps={{ transition: "fade-down", duration: 120 }}
    >
      {opened && <Search close={close} />}
    </Modal>
  );
}

function Search({ close }: { close: () => void }) {
  const { t } = useLingui();
  const listId = useId();
  const [query, setQuery] = useState("");
  const [settled] = useDebouncedValue(query, 150);
  const [at, setAt] = useState(0);
  const found = useFound(query, settled);
  const current = Math.min(at, found.length - 1);

  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((current + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[current]);
    }
  };

  return (
    <div className={css.palette}>
      <div className={css.field}>
        <IconSearch size={18} aria-hidden />
        <input
          className={css.input}
          // eslint-disable-next-line jsx-a11y-x/no-autofocus -- a dialog made of one field: the field is its start
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={found[current] && `${listId}-${current}`}
          aria-label={t`Search`}
          placeholder={t`Scenario, screen or action`}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className={css.list} role="listbox" id={listId} aria-label={t`Found`}>
        {found.map((command, index) => (
          <Option
            key={command.id}
            id={`${listId}-${index}`}
            command={command}
            selected={index === current}
            onPoint={() => setAt(index)}
            onRun={() => run(command)}
          />
        ))}
      </div>
      {found.length === 0 && (
        <p className={css.nothing} role="status">
          <Trans>Nothing found. Try another word.</Trans>
        </p>
      )}
    </div>
  );
}

interface OptionProps {
  id: string;
  command: Command;
  selected: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Option({ id, command, selected, onPoint, onRun }: OptionProps) {
  const Icon = command.icon;
  return (
    // The keyboard stays in the field above (aria-activedescendant), as a combobox wants it.
    // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={selected}
      className={css.option}
      ref={(node) => {
        if (selected) node?.scrollIntoView({ block: "nearest" });
      }}
      onPointerMove={selected ? undefined : onPoint}
      onClick={onRun}
    >
      <Icon size={18} stroke={1.75} aria-hidden />
      <span className={css.title}>{command.title}</span>
      <span className={css.kind}>{command.kind}</span>
    </div>
  );
}
