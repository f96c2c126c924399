// The items of a loop in a run: one at a time, the first that failed before all others, the next one click away.
import { useEffect, useMemo, useState } from "react";
import { ActionIcon, NativeSelect, NumberInput, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "urql";
import { ItemDataDocument, ItemPathsDocument, type ItemPathsQuery } from "../api/generated/runs";
import { useKeyset } from "../api/useKeyset";
import { useBuilder } from "./builder";
import { beside, isNested, type ItemPath, keyOf, numberOf, useItems } from "./items";
import { StepData } from "./StepData";
import type { RunDetail } from "./useRuns";
import "./loopItems.css";

type Counts = NonNullable<RunDetail["steps"][number]["counts"]>;

interface LoopItemsProps {
  runId: string;
  loop: string;
  /** Whose data of the item is shown: the loop's own, or a step's inside it. */
  nodeId: string;
  /** Of the loop. */
  counts: Counts;
}

const PAGE = 200;
const pathsOf = (data: ItemPathsQuery) => ({
  nodes: data.stepItems.nodes.map(({ path }) => ({ id: path.join("."), path })),
  pageInfo: data.stepItems.pageInfo,
});

export function LoopItems({ runId, loop, nodeId, counts }: LoopItemsProps) {
  const { t } = useLingui();
  const { graph } = useBuilder();
  const nested = useMemo(() => isNested(graph, loop), [graph, loop]);
  const [which, setWhich] = useState<"all" | "failed">(counts.failed > 0 ? "failed" : "all");
  const failedOnly = which === "failed";
  // The items of an outermost loop are simply numbered; others are asked for.
  const listed = failedOnly || nested;
  const variables = useMemo(
    () => ({ runId, nodeId: loop, status: failedOnly ? ("FAILED" as const) : null, first: PAGE }),
    [runId, loop, failedOnly],
  );
  const list = useKeyset(ItemPathsDocument, variables, pathsOf);
  const paths = useMemo(() => (list.items ?? []).map((one) => one.path), [list.items]);
  const kept = useItems((items) => items.chosen[keyOf(runId, loop)]);
  const first = paths[0] ?? (listed ? undefined : [0]);
  const path: ItemPath | undefined = kept ?? first;
  const choose = (next: ItemPath) => useItems.getState().choose(runId, loop, next);
  const { loadMore, hasMore } = list;
  const last = paths.at(-1);
  const atEnd = listed && path !== undefined && last !== undefined && beside(paths, path, 1) === undefined;
  useEffect(() => {
    if (atEnd && hasMore) void loadMore();
  }, [atEnd, hasMore, loadMore]);

  const go = (way: 1 | -1): ItemPath | undefined => {
    if (path === undefined) return undefined;
    if (listed) return beside(paths, path, way);
    const number = (path[0] ?? 0) + way;
    return number >= 0 && number < counts.items ? [number] : undefined;
  };
  const [before, after] = [go(-1), go(1)];
  const number = path === undefined ? "" : numberOf(path);
  const { items, failed } = counts;
  if (items === 0) {
    return (
      <p className="data-none">
        <Trans>The list was empty: there was nothing to go through.</Trans>
      </p>
    );
  }
  const labels = failedOnly
    ? [t`Previous failed item`, t`Next failed item`]
    : [t`Previous item`, t`Next item`];
  return (
    <section className="loop-items" aria-label={t`Items of the loop`}>
      <div className="loop-items-bar">
        <NativeSelect
          size="xs"
          aria-label={t`Which items`}
          value={which}
          data={[
            { value: "all", label: t`All items (${items})` },
            { value: "failed", label: t`Failed (${failed})`, disabled: failed === 0 && !failedOnly },
          ]}
          onChange={(event) => setWhich(event.currentTarget.value === "failed" ? "failed" : "all")}
        />
        <span className="loop-items-move">
          <Move label={labels[0] ?? ""} to={before} choose={choose}>
            <IconChevronLeft size={18} />
          </Move>
          {nested || path === undefined ? (
            <span className="loop-items-number">
              <Trans>Item {number}</Trans>
            </span>
          ) : (
            <NumberInput
              size="xs"
              className="loop-items-input"
              aria-label={t`Number of the item`}
              hideControls
              min={1}
              max={items}
              allowDecimal={false}
              allowNegative={false}
              value={(path[0] ?? 0) + 1}
              onChange={(next) => {
                if (typeof next === "number" && next >= 1 && next <= items) choose([next - 1]);
              }}
            />
          )}
          {!nested && (
            <span className="loop-items-of">
              <Trans>of {items}</Trans>
            </span>
          )}
          <Move label={labels[1] ?? ""} to={after} choose={choose}>
            <IconChevronRight size={18} />
          </Move>
        </span>
      </div>
      {path !== undefined && (
        <ItemData runId={runId} nodeId={nodeId} path={path} isLoop={nodeId === loop} moment={counts} />
      )}
    </section>
  );
}

interface MoveProps {
  label: string;
  to: ItemPath | undefined;
  choose: (path: ItemPath) => void;
  children: React.ReactNode;
}

function Move({ label, to, choose, children }: MoveProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size="md"
        aria-label={label}
        aria-disabled={to === undefined}
        {...(to === undefined ? { "data-disabled": true } : {})}
        onClick={() => to && choose(to)}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

interface ItemDataProps {
  runId: string;
  nodeId: string;
  path: ItemPath;
  isLoop: boolean;
  /** Asked again whenever these change. */
  moment: Counts;
}

function ItemData({ runId, nodeId, path, isLoop, moment }: ItemDataProps) {
  const [{ data, stale, fetching }, ask] = useQuery({
    query: ItemDataDocument,
    variables: { runId, nodeId, path: [...path] },
    requestPolicy: "cache-and-network",
  });
  const over = moment.done + moment.failed;
  useEffect(() => ask({ requestPolicy: "network-only" }), [over, ask]);
  const found = data?.stepItems.nodes[0];
  const isThis = found?.path.join(".") === path.join(".");
  if (!data || (fetching && !isThis) || (stale && !isThis))
    return <div className="loop-items-wait" aria-busy />;
  if (!found) {
    return (
      <p className="data-none">
        {isLoop ? (
          <Trans>This item has not begun.</Trans>
        ) : (
          <Trans>The step has done nothing for this item.</Trans>
        )}
      </p>
    );
  }
  return <StepData step={found.step} payload={null} isItem={isLoop} />;
}
