// A formula as text: checked while it is written, mistakes shown where they are, the kind of its result found.
import { Select, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { useQuery } from "urql";
import { RecordFormulaCheckDocument } from "../../../api/generated/records";
import type { FieldSettings, TypeShape } from "../model";
import css from "./designer.module.css";
import { Currency } from "./Currency";

interface Props {
  type: TypeShape;
  made: boolean;
  settings: FieldSettings;
  onChange: (part: FieldSettings) => void;
}

const results = ["number", "money", "text", "boolean", "date", "datetime"];

export function FormulaInput({ type, made, settings, onChange }: Props) {
  const { t } = useLingui();
  const text = settings.formula ?? "";
  const [asked] = useDebouncedValue(text, 350);
  const [{ data, fetching }] = useQuery({
    query: RecordFormulaCheckDocument,
    variables: { type: type.key, text: asked },
    pause: asked.trim() === "",
  });
  const found = asked === text && !fetching && asked.trim() !== "" ? data?.formulaCheck : undefined;
  const [mistake] = found?.mistakes ?? [];
  const kind = found?.mistakes.length === 0 ? found.type : null;
  // What it yields is known by then; of a field that is there it cannot change.
  useEffect(() => {
    if (!made && kind !== null && results.includes(kind) && settings.result !== kind)
      onChange({ result: kind });
  }, [kind, made, settings.result, onChange]);
  const words: Record<string, string> = {
    number: t`Number`,
    money: t`Money`,
    text: t`Text`,
    boolean: t`Yes or no`,
    date: t`Date`,
    datetime: t`Date and time`,
  };
  return (
    <>
      <Textarea
        label={t`Formula`}
        description={t`As in a spreadsheet, with the keys of fields: price * quantity, EDATE(bought; 12)`}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        classNames={{ input: css.mono ?? "" }}
        value={text}
        onChange={(event) => onChange({ formula: event.currentTarget.value })}
        error={mistake && `${mistake.message} ${mistake.fix}`.trim()}
      />
      {mistake && mistake.start >= 0 && (
        <p className={css.place}>
          <Trans>Here:</Trans>{" "}
          <code>
            {text.slice(0, mistake.start)}
            <mark>{text.slice(mistake.start, mistake.end) || "⌃"}</mark>
            {text.slice(mistake.end)}
          </code>
        </p>
      )}
      <p className={css.key}>
        <Trans>Fields:</Trans> {type.fields.map((one) => one.key).join(", ")}
      </p>
      <Select
        label={t`Result`}
        allowDeselect={false}
        disabled={made}
        data={results.map((one) => ({ value: one, label: words[one] ?? one }))}
        value={settings.result ?? "number"}
        onChange={(result) => result !== null && onChange({ result })}
      />
      {settings.result === "money" && <Currency settings={settings} onChange={onChange} />}
    </>
  );
}
