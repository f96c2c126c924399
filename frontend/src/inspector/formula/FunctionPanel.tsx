// All functions of formulas: found by name in either language or by what they do, with an example of each.
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "urql";
import { FormulaFunctionsDocument, type FormulaFunctionsQuery } from "../../api/generated/inspector";
import { rank } from "../../graph/search";

type FunctionInfo = FormulaFunctionsQuery["formulaFunctions"][number];

const NONE: FunctionInfo[] = [];

export function FunctionPanel({ onPick }: { onPick: (name: string) => void }) {
  const { t, i18n } = useLingui();
  // Words are in the person's language: another language is another question.
  const context = useMemo(
    () => ({ fetchOptions: { headers: { "Accept-Language": i18n.locale } } }),
    [i18n.locale],
  );
  const [{ data, error }] = useQuery({ query: FormulaFunctionsDocument, context });
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const all = data?.formulaFunctions ?? NONE;
  const shown = useMemo(
    () => rank(query, all, (one) => [one.name, one.nameEn, one.nameRu, one.areaTitle, one.help]),
    [query, all],
  );
  const active = Math.min(at, shown.length - 1);
  const go = (to: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, to));
    setAt(next);
    list.current?.querySelector(`[data-row="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      Enter: () => {
        const one = shown[active];
        if (one) onPick(one.name);
      },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };
  return (
    <div className="picker" role="dialog" aria-label={t`Functions`}>
      <TextInput
        data-autofocus
        className="picker-search"
        size="sm"
        placeholder={t`Find a function…`}
        aria-label={t`Find a function`}
        leftSection={<IconSearch size={16} />}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={shown[active] ? `${listId}-${active}` : undefined}
      />
      <div className="picker-rows functions" role="listbox" id={listId} ref={list} aria-label={t`Functions`}>
        {shown.map((one, i) => (
          // Keys reach the rows through the search field above (aria-activedescendant).
          // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/interactive-supports-focus
          <div
            key={one.nameEn}
            role="option"
            aria-selected={i === active}
            id={`${listId}-${i}`}
            data-row={i}
            data-active={i === active}
            className="function-row"
            onClick={() => onPick(one.name)}
          >
            {query === "" && one.areaTitle !== shown[i - 1]?.areaTitle && (
              <span className="function-area">{one.areaTitle}</span>
            )}
            <code className="function-name">{one.signature}</code>
            <span className="function-help">{one.help}</span>
            {i === active && one.examples[0] && (
              <code className="function-example">
                {one.examples[0].text}
                {one.examples[0].result !== "" && ` = ${one.examples[0].result}`}
              </code>
            )}
          </div>
        ))}
        {data && shown.length === 0 && (
          <Text size="sm" c="dimmed" p="sm">
            <Trans>No function is called that.</Trans>
          </Text>
        )}
        {error && (
          <Text size="sm" c="dimmed" p="sm">
            <Trans>The list cannot be shown now. Is the server away?</Trans>
          </Text>
        )}
      </div>
    </div>
  );
}
