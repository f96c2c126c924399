// The searchable tree of data a person picks from: steps, their fields, types and real values.
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Button, Text, TextInput } from "@mantine/core";
import { IconChevronRight, IconPencilPlus, IconSearch } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { TypeIcon } from "../catalog/icons";
import { PILL_TYPES } from "../catalog/words";
import type { Json, RefPath } from "../graph/types";
import { parsePath } from "../graph/values";
import { useForm } from "./context";
import { bestRow, initiallyOpen, type PickerRow, rowsOf } from "./pickerRows";

interface PillPickerProps {
  onPick: (path: RefPath) => void;
  onClose: () => void;
}

export function PillPicker({ onPick, onClose }: PillPickerProps) {
  const { t } = useLingui();
  const { sources, seen } = useForm();
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(() => initiallyOpen(sources));
  /** null: the best row of what is searched. */
  const [at, setAt] = useState<number | null>(null);
  const [typingAt, setTypingAt] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const treeId = useId();
  const rows = useMemo(() => rowsOf(sources, open, query), [sources, open, query]);
  const active = Math.min(at ?? bestRow(rows, query), rows.length - 1);

  const unfold = (key: string, wish?: boolean) => {
    const next = new Set(open);
    if (wish ?? !open.has(key)) next.add(key);
    else next.delete(key);
    setOpen(next);
  };
  const choose = (row: PickerRow | undefined) => {
    if (!row) return;
    if (row.kind === "pill") onPick(row.pill.path);
    else if (row.typed) onPick(row.typed);
    else setTypingAt(row.key);
  };
  const go = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setAt(next);
    list.current?.querySelector(`[data-row="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active];
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      Enter: () => choose(row),
    };
    if (query === "" && row?.kind === "pill" && row.expanded !== null) {
      moves.ArrowRight = () => unfold(row.key, true);
      moves.ArrowLeft = () => unfold(row.key, false);
    }
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      move();
    }
  };

  if (sources.length === 0) {
    return (
      <div className="picker-empty" role="dialog" aria-label={t`Data of earlier steps`}>
        <Text size="sm">
          <Trans>
            There is no data yet: it comes from the steps before this one. Connect a trigger to this step
            first.
          </Trans>
        </Text>
        <Button size="xs" variant="default" mt="sm" onClick={onClose} data-autofocus>
          <Trans>Close</Trans>
        </Button>
      </div>
    );
  }
  return (
    <div className="picker" role="dialog" aria-label={t`Data of earlier steps`}>
      <TextInput
        data-autofocus
        className="picker-search"
        size="sm"
        placeholder={t`Find data…`}
        aria-label={t`Find data`}
        leftSection={<IconSearch size={16} />}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(null);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded
        aria-controls={treeId}
        aria-activedescendant={rows[active] ? `${treeId}-${active}` : undefined}
      />
      <div className="picker-rows" role="tree" id={treeId} ref={list} aria-label={t`Data of earlier steps`}>
        {rows.map((row, i) => (
          <Row
            key={row.key}
            id={`${treeId}-${i}`}
            index={i}
            row={row}
            active={i === active}
            typing={typingAt === row.key}
            onPress={() => choose(row)}
            onFold={() => unfold(row.key)}
            onPick={onPick}
          />
        ))}
        {rows.length === 0 && (
          <Text size="sm" c="dimmed" p="sm">
            <Trans>Nothing is called that.</Trans>
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed" className="picker-foot">
        {seen ? (
          <Trans>Values are from the last run.</Trans>
        ) : (
          <Trans>Values are samples: there was no run yet.</Trans>
        )}
      </Text>
    </div>
  );
}

interface RowProps {
  row: PickerRow;
  id: string;
  index: number;
  active: boolean;
  typing: boolean;
  onPress: () => void;
  onFold: () => void;
  onPick: (path: RefPath) => void;
}

function Row({ row, id, index, active, typing, onPress, onFold, onPick }: RowProps) {
  const { t, i18n } = useLingui();
  const { sources } = useForm();
  const indent = { paddingInlineStart: 8 + row.depth * 16 };
  if (row.kind === "other") {
    if (typing) return <OtherField row={row} indent={indent} onPick={onPick} />;
    const typed = row.typed?.slice(1).join(".") ?? "";
    return (
      // Keys reach the rows through the search field above (aria-activedescendant).
      // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/interactive-supports-focus
      <div
        role="treeitem"
        aria-selected={active}
        id={id}
        data-row={index}
        className="picker-row"
        data-active={active}
        style={indent}
        onClick={onPress}
      >
        <span className="picker-fold" />
        <IconPencilPlus size={15} stroke={1.75} />
        <span className="picker-label picker-other">
          {row.typed ? t`Use the field ${typed}` : t`Other field…`}
        </span>
        {row.typed && <span className="picker-sample">{stepTitle(sources, row.pill.path)}</span>}
      </div>
    );
  }
  const { pill } = row;
  const source = row.step ? sources.find(({ root }) => root === pill) : undefined;
  return (
    // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/interactive-supports-focus
    <div
      role="treeitem"
      aria-selected={active}
      aria-level={row.depth + 1}
      {...(row.expanded === null ? {} : { "aria-expanded": row.expanded })}
      id={id}
      data-row={index}
      className="picker-row"
      data-active={active}
      data-step={row.step}
      style={indent}
      onClick={onPress}
    >
      {/* eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/no-static-element-interactions */}
      <span
        className="picker-fold"
        data-open={row.expanded === true}
        onClick={(event) => {
          event.stopPropagation();
          onFold();
        }}
      >
        {row.expanded !== null && <IconChevronRight size={14} />}
      </span>
      {row.step && <TypeIcon type={source?.type} size={22} />}
      <span className="picker-label">{pill.label}</span>
      <span className="picker-type">{row.step ? "" : i18n._(PILL_TYPES[pill.type])}</span>
      {!row.step && <span className="picker-sample">{sampleWords(pill.sample)}</span>}
    </div>
  );
}

interface OtherFieldProps {
  row: Extract<PickerRow, { kind: "other" }>;
  indent: { paddingInlineStart: number };
  onPick: (path: RefPath) => void;
}

function OtherField({ row, indent, onPick }: OtherFieldProps) {
  const { t } = useLingui();
  const [path, setPath] = useState("");
  const keys = parsePath(path);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const accept = () => {
    if (keys.length > 0) onPick([...row.pill.path, ...keys]);
  };
  return (
    <div className="picker-typing" style={indent} role="none">
      {row.pill.path.length > 1 && <span className="picker-prefix">{row.pill.label} ·</span>}
      <TextInput
        size="xs"
        className="picker-typed"
        ref={field}
        aria-label={t`Name of the field`}
        placeholder={t`e.g. amount or customer.name`}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") accept();
        }}
      />
      <Button size="xs" onClick={accept} disabled={keys.length === 0}>
        <Trans>Use</Trans>
      </Button>
    </div>
  );
}

function stepTitle(sources: ReturnType<typeof useForm>["sources"], path: RefPath): string {
  const source = sources.find(({ node }) => node.id === path[0]);
  return [source?.root.label ?? "", ...path.slice(1)].join(" · ");
}

function sampleWords(sample: Json | undefined): string {
  if (sample === undefined || sample === null) return "";
  if (typeof sample === "object" && !Array.isArray(sample)) return "";
  const text = typeof sample === "string" ? sample : JSON.stringify(sample);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
