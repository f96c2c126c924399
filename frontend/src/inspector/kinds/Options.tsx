// A setting chosen from a list that is asked for while editing: of a plugin, or of Potok itself (scenarios, say).
import { useId, useState } from "react";
import { Combobox, Loader, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "urql";
import { NodeOptionDocument, NodeOptionsDocument } from "../../api/generated/inspector";
import type { Json, JsonObject, Schema } from "../../graph/types";
import { asText, isDynamic } from "../../graph/values";
import { type FieldProps, useForm } from "../context";
import { PillText } from "../PillText";
import "./options.css";

/** Kinds whose values mean nothing to a person: they are only chosen, never typed. */
const ONLY_CHOSEN: ReadonlySet<string> = new Set(["scenario", "calendar", "record_type", "record_stage"]);
const SEARCH_MS = 200;
const MORE = "more";
const TYPED = "typed";

export interface OptionsProps extends FieldProps<Json | undefined> {
  /** The setting's name in the block. */
  name: string;
  kind: string;
  schema: Schema;
}

export function OptionsField(props: OptionsProps) {
  const { value, onChange, label } = props;
  const { readOnly } = useForm();
  const [asData, setAsData] = useState(isDynamic(value));
  return (
    <div className="field-stack">
      {asData ? (
        <PillText
          mode="value"
          label={label}
          value={value}
          onChange={onChange}
          eager
          {...(props.id === undefined ? {} : { id: props.id })}
          describedBy={props.describedBy}
          invalid={props.invalid ?? false}
        />
      ) : (
        <Chooser {...props} />
      )}
      {!readOnly && (
        <button
          type="button"
          className="link-button options-switch"
          onClick={() => {
            if (asData) onChange(undefined);
            setAsData(!asData);
          }}
        >
          {asData ? <Trans>Choose from the list</Trans> : <Trans>Take it from the data</Trans>}
        </button>
      )}
    </div>
  );
}

function Chooser({
  name,
  kind,
  label,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  placeholder,
}: OptionsProps) {
  const { t } = useLingui();
  const { readOnly, onBlur, node } = useForm();
  const [typed, setTyped] = useState<string | null>(null);
  const [pages, setPages] = useState(1);
  const [search] = useDebouncedValue(typed ?? "", SEARCH_MS);
  const noteId = useId();
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setTyped(null);
      setPages(1);
    },
  });
  const chosen = useChosen(name, value);
  const empty = value === undefined || value === null || value === "";
  const title = empty
    ? ""
    : (chosen.title ?? (chosen.gone ? t`No longer there` : chosen.asking ? "…" : asText(value)));
  const choose = (key: string) => {
    if (key === MORE) {
      setPages((now) => now + 1);
      return;
    }
    if (key === TYPED) onChange((typed ?? "").trim());
    else onChange(JSON.parse(key) as Json);
    combobox.closeDropdown();
  };
  const describing = [describedBy, chosen.gone || chosen.note ? noteId : ""].filter(Boolean).join(" ");
  return (
    <Combobox store={combobox} onOptionSubmit={choose} disabled={readOnly}>
      <Combobox.Target>
        <TextInput
          id={id}
          aria-label={label}
          aria-describedby={describing === "" ? undefined : describing}
          error={(invalid ?? false) || chosen.gone}
          readOnly={readOnly}
          autoComplete="off"
          placeholder={placeholder ?? t`Choose…`}
          value={typed ?? title}
          rightSection={<IconChevronDown size={16} aria-hidden />}
          rightSectionPointerEvents="none"
          onClick={() => combobox.openDropdown()}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setPages(1);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onBlur={() => {
            combobox.closeDropdown();
            onBlur();
          }}
        />
      </Combobox.Target>
      {(chosen.gone || chosen.note !== "") && (
        <p className="options-note" id={noteId} data-gone={chosen.gone}>
          {chosen.gone ? (
            <Trans>What was chosen here does not exist any more. Choose again.</Trans>
          ) : (
            chosen.note
          )}
        </p>
      )}
      <Combobox.Dropdown>
        <Combobox.Options className="options-list" aria-label={label}>
          {combobox.dropdownOpened &&
            Array.from({ length: pages }, (_, i) => (
              <OptionsPage
                key={i}
                ask={{ type: node.type, field: name, params: node.params, search, page: i + 1 }}
                last={i + 1 === pages}
                value={value}
              />
            ))}
          {!ONLY_CHOSEN.has(kind) && typed !== null && typed.trim() !== "" && (
            <Combobox.Option value={TYPED}>
              <Trans>Take “{typed}” as it is</Trans>
            </Combobox.Option>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

interface PageProps {
  ask: { type: string; field: string; params: JsonObject; search: string; page: number };
  last: boolean;
  value: Json | undefined;
}

function OptionsPage({ ask, last, value }: PageProps) {
  const [{ data, error, fetching }] = useQuery({
    query: NodeOptionsDocument,
    variables: ask,
    requestPolicy: "cache-and-network",
  });
  const found = data?.nodeOptions;
  if (!found) {
    return (
      <Combobox.Empty>
        {error ? <Trans>The list could not be loaded.</Trans> : <Loader size="xs" />}
      </Combobox.Empty>
    );
  }
  const now = JSON.stringify(value);
  return (
    <>
      {found.problems.map((problem, i) => (
        <Combobox.Empty key={i} className="options-problem">
          {problem.message} {problem.fix}
        </Combobox.Empty>
      ))}
      {found.options.map((option) => {
        const key = JSON.stringify(option.value);
        return (
          <Combobox.Option key={key} value={key} active={key === now}>
            {option.title}
            {option.note !== "" && <span className="options-remark">{option.note}</span>}
          </Combobox.Option>
        );
      })}
      {ask.page === 1 && found.options.length === 0 && found.problems.length === 0 && !fetching && (
        <Combobox.Empty>
          <Trans>Nothing found</Trans>
        </Combobox.Empty>
      )}
      {last && found.hasMore && (
        <Combobox.Option value={MORE}>
          <Trans>Show more</Trans>
        </Combobox.Option>
      )}
    </>
  );
}

/** What the saved value is called, and whether the list still has it. */
function useChosen(field: string, value: Json | undefined) {
  const { node } = useForm();
  const empty = value === undefined || value === null || value === "";
  const [{ data, fetching }] = useQuery({
    query: NodeOptionDocument,
    variables: { type: node.type, field, params: node.params, value: value ?? null },
    pause: empty,
    requestPolicy: "cache-and-network",
  });
  const found = empty ? undefined : data?.nodeOptions;
  const option = found?.options[0];
  return {
    title: option?.title,
    note: option?.note ?? "",
    gone: found?.options.length === 0 && !found.hasMore && found.problems.length === 0 && !fetching,
    asking: !found,
  };
}
