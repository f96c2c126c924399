// A formula as people write it: chips, completion, the call around the caret, mistakes in words, the value below.
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { ActionIcon, Popover, Tooltip } from "@mantine/core";
import { IconDatabasePlus, IconListSearch } from "@tabler/icons-react";
import { useLingui } from "@lingui/react/macro";
import { pathText } from "../../graph/formula";
import type { RefPath } from "../../graph/types";
import type { ChipWords } from "./chips";
import { FunctionPanel } from "./FunctionPanel";
import { setMarks } from "./marks";
import { toUnits } from "./offsets";
import { Told } from "./Told";
import { insert, useEditor } from "./useEditor";
import { type Place, useCheck, useOffers, useSignature } from "./useHelp";
import "./formula.css";

interface FormulaEditorProps {
  label: string;
  text: string;
  onText: (text: string) => void;
  place: Place;
  /** What the chip of a step's data says; names of record fields have none. */
  words: (path: RefPath) => ChipWords;
  /** The tree of data to choose from; without one there is no button for it. */
  picker?: (onPick: (path: RefPath) => void, onClose: () => void) => ReactNode;
  /** More buttons beside those of the editor. */
  tools?: ReactNode;
  readOnly?: boolean;
  focus?: boolean;
  id?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  onBlur?: () => void;
}

export function FormulaEditor(props: FormulaEditorProps) {
  const { label, text, onText, place, words, picker, readOnly = false } = props;
  const { t } = useLingui();
  const host = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [open, setOpen] = useState<"data" | "functions" | null>(null);
  const toldId = useId();
  const { check, of } = useCheck(text, place);
  const signature = useSignature(text, caret);
  const ask = useOffers(place);
  const view = useEditor(host, {
    text,
    onText,
    onCaret: setCaret,
    onBlur: () => props.onBlur?.(),
    onPick: () => setOpen(picker ? "data" : "functions"),
    words,
    ask,
    readOnly,
    focus: props.focus ?? false,
    label: t`${label}: formula`,
    id: props.id,
    describedBy: [props.describedBy, toldId].filter(Boolean).join(" "),
    placeholder: t`e.g. ROUND(price * 0.95; 2)`,
  });

  const fresh = text.trim() === "" ? null : check;
  const found = useMemo(
    () =>
      (of === text && fresh ? fresh.mistakes : []).map(({ start, end, severity }) => ({
        start: toUnits(text, start),
        end: toUnits(text, end),
        warning: severity === "WARNING",
      })),
    [fresh, of, text],
  );
  useEffect(() => {
    view.current?.dispatch({ effects: setMarks.of(found) });
  }, [found, view]);

  const put = (words: string, back = 0) => {
    setOpen(null);
    // The closing panel gives up the focus first.
    requestAnimationFrame(() => insert(view.current, words, back));
  };
  const wrong = found.some((mark) => !mark.warning);
  return (
    <Popover
      opened={open !== null}
      onChange={(next) => !next && setOpen(null)}
      position={window.innerWidth < 1000 ? "bottom-start" : "left-start"}
      withRoles={false}
      shadow="md"
      width={360}
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <div className="formula" data-invalid={props.invalid ?? wrong} data-readonly={readOnly}>
          <div className="formula-line">
            <span className="formula-sign" aria-hidden>
              =
            </span>
            <div className="formula-text" ref={host} />
          </div>
          <div className="formula-foot">
            <Told
              id={toldId}
              empty={text.trim() === ""}
              check={fresh}
              late={of !== text}
              signature={signature}
            />
            {!readOnly && (
              <span className="formula-tools">
                {picker && (
                  <Tooltip label={t`Insert data from an earlier step`}>
                    <ActionIcon
                      variant="subtle"
                      size="sm"
                      aria-label={t`Insert data: ${label}`}
                      aria-expanded={open === "data"}
                      onClick={() => setOpen(open === "data" ? null : "data")}
                    >
                      <IconDatabasePlus size={16} stroke={1.75} />
                    </ActionIcon>
                  </Tooltip>
                )}
                <Tooltip label={t`All functions`}>
                  <ActionIcon
                    variant="subtle"
                    size="sm"
                    aria-label={t`All functions: ${label}`}
                    aria-expanded={open === "functions"}
                    onClick={() => setOpen(open === "functions" ? null : "functions")}
                  >
                    <IconListSearch size={16} stroke={1.75} />
                  </ActionIcon>
                </Tooltip>
                {props.tools}
              </span>
            )}
          </div>
        </div>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        {open === "data" &&
          picker?.(
            (path) => put(pathText(path)),
            () => setOpen(null),
          )}
        {open === "functions" && <FunctionPanel onPick={(name) => put(`${name}()`, 1)} />}
      </Popover.Dropdown>
    </Popover>
  );
}
