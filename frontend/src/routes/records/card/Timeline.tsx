// What happened to a record, newest first: who, what was, what is. What formulas made of it is folded.
import { Anchor } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useMemo, useRef } from "react";
import { Link } from "react-router";
import { type RecordTimelineQuery, RecordTimelineDocument } from "../../../api/generated/records";
import { useKeyset } from "../../../api/useKeyset";
import { Ago } from "../../../ui/Ago";
import { More } from "../../../ui/More";
import { Failed, Panel, Waiting } from "../../../ui/Parts";
import { tell, type Telling } from "../fields/format";
import { useTelling } from "../fields/useTelling";
import { type Field, isEmpty, type Row, type TypeShape } from "../model";
import { useFields } from "../useTypes";
import css from "./card.module.css";
import { useTitles } from "./useTitles";

type Line = RecordTimelineQuery["recordTimeline"]["nodes"][number];
type Change = [before: unknown, after: unknown];

const pick = (data: RecordTimelineQuery) => data.recordTimeline;
/** What follows from the stage by itself. */
const quiet = new Set(["pipeline", "stage_at", "outcome", "probability"]);

interface Props {
  type: TypeShape;
  types: readonly TypeShape[];
  row: Row;
}

export function Timeline({ type, row }: Props) {
  const { t } = useLingui();
  return (
    <Panel title={t({ context: "record", message: "What happened" })}>
      <Lines type={type} row={row} />
    </Panel>
  );
}

function Lines({ type, row }: Omit<Props, "types">) {
  const { t } = useLingui();
  const variables = useMemo(() => ({ type: type.key, id: row.id, first: 20 }), [type.key, row.id]);
  const list = useKeyset(RecordTimelineDocument, variables, pick);
  const { refresh } = list;
  const { version } = row;
  const seen = useRef(version);
  // A new version is a new line at the top; the older ones stay where they are.
  useEffect(() => {
    if (seen.current !== version) refresh();
    seen.current = version;
  }, [version, refresh]);
  const fields = useFields(type);
  const rows = useMemo(() => [row], [row]);
  const known = useTelling(rows);
  const titles = useTitles(list.items, fields, known.titles);
  const telling = useMemo(() => ({ ...known, titles }), [known, titles]);
  if (list.error) return <Failed error={list.error} again={list.refresh} />;
  if (!list.items)
    return (
      <div className={css.timeline}>
        <Waiting what={t`Loading what happened…`} lines={3} />
      </div>
    );
  return (
    <div className={css.timeline}>
      <ol>
        {list.items.map((line) => (
          <OneLine key={line.id} line={line} fields={fields} telling={telling} />
        ))}
      </ol>
      <More hasMore={list.hasMore} loading={list.loadingMore} onMore={list.loadMore} />
    </div>
  );
}

interface LineProps {
  line: Line;
  fields: readonly Field[];
  telling: Telling;
}

function OneLine({ line, fields, telling }: LineProps) {
  const changes = Object.entries(line.changes as Record<string, Change>).flatMap(([key, change]) => {
    const field = fields.find((one) => one.key === key);
    return field && !quiet.has(key) ? [{ field, change }] : [];
  });
  const typed = changes.filter(({ field }) => field.kind !== "formula");
  const reckoned = changes.filter(({ field }) => field.kind === "formula");
  const count = reckoned.length;
  return (
    <li className={css.line}>
      <p className={css.who}>
        <Actor line={line} /> <What line={line} />{" "}
        <span className={css.soft}>
          <Ago at={line.at} />
        </span>
      </p>
      <Changes changes={typed} telling={telling} />
      {reckoned.length > 0 && (
        <details className={css.folded}>
          <summary>
            <Trans>Worked out anew: {count}</Trans>
          </summary>
          <Changes changes={reckoned} telling={telling} />
        </details>
      )}
    </li>
  );
}

function Changes({
  changes,
  telling,
}: {
  changes: readonly { field: Field; change: Change }[];
  telling: Telling;
}) {
  const { t } = useLingui();
  if (changes.length === 0) return null;
  return (
    <ul className={css.changes}>
      {changes.map(({ field, change: [before, after] }) => (
        <li key={field.key}>
          <span className={css.soft}>{field.name}:</span>{" "}
          {!isEmpty(before) && (
            <>
              <del>{tell(field, before, telling)}</del> <span aria-hidden>→</span>{" "}
            </>
          )}
          {isEmpty(after) ? t`empty` : <ins>{tell(field, after, telling)}</ins>}
        </li>
      ))}
    </ul>
  );
}

function Actor({ line: { actor } }: { line: Line }) {
  const { scenario, scenarioId, runId, user, key } = actor;
  if (runId !== null)
    return (
      <>
        <Trans>Scenario</Trans>{" "}
        <Anchor component={Link} to={`/runs/${runId}`} size="sm">
          {scenario ?? scenarioId ?? runId}
        </Anchor>
      </>
    );
  if (user !== null) return <strong>{user}</strong>;
  if (key !== null) return <Trans>API key “{key}”</Trans>;
  return <Trans>Import</Trans>;
}

function What({ line: { what } }: { line: Line }) {
  switch (what) {
    case "CREATED":
      return <Trans>added it</Trans>;
    case "DELETED":
      return <Trans>moved it to the trash</Trans>;
    case "RESTORED":
      return <Trans>put it back</Trans>;
    default:
      return <Trans>changed it</Trans>;
  }
}
