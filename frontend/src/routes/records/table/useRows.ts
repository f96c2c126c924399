// The rows of a list, page by page as they are scrolled to. What was changed here is laid over them at once.
import { useCallback, useEffect, useRef, useState } from "react";
import { type CombinedError, useClient } from "urql";
import { RecordPageDocument, type RecordPageQueryVariables } from "../../../api/generated/records";
import type { Row } from "../model";

export type Wish = Omit<RecordPageQueryVariables, "after" | "first">;

interface Loaded {
  key: string;
  rows: readonly Row[];
  end: string | null;
  hasMore: boolean;
}

const nothing: Loaded = { key: "", rows: [], end: null, hasMore: false };

export interface Rows {
  rows: readonly Row[];
  /** Whether the rows are those that were asked for; until then the old ones stay. */
  fresh: boolean;
  hasMore: boolean;
  loading: boolean;
  error: CombinedError | undefined;
  loadMore: () => void;
  refresh: () => void;
  put: (row: Row) => void;
  add: (row: Row) => void;
  take: (ids: ReadonlySet<string>) => void;
}

export function useRows(wish: Wish, size = 100): Rows {
  const client = useClient();
  const [turn, setTurn] = useState(0);
  const key = `${JSON.stringify(wish)}${turn}`;
  const [loaded, setLoaded] = useState<Loaded>(nothing);
  const [failed, setFailed] = useState<{ key: string; error: CombinedError }>();
  const asking = useRef("");

  const ask = useCallback(
    async (after: string | null) => {
      const mark = `${key}@${after ?? ""}`;
      if (asking.current === mark) return;
      asking.current = mark;
      const variables = {
        ...(JSON.parse(key.slice(0, key.lastIndexOf("}") + 1)) as Wish),
        first: size,
        after,
      };
      const { data, error } = await client
        .query(RecordPageDocument, variables, { requestPolicy: "network-only" })
        .toPromise();
      // Another list is wanted by now: this answer is for nobody.
      if (asking.current !== mark) return;
      asking.current = "";
      if (error) setFailed({ key, error });
      if (!data) return;
      const { edges, pageInfo } = data.records;
      const nodes = edges.map((edge) => edge.node);
      setFailed(undefined);
      setLoaded((was) => {
        const before = after === null || was.key !== key ? [] : was.rows;
        const known = new Set(before.map((row) => row.id));
        const rows = [...before, ...nodes.filter((row) => !known.has(row.id))];
        return { key, rows, end: pageInfo.endCursor, hasMore: pageInfo.hasNextPage };
      });
    },
    [client, key, size],
  );

  useEffect(() => {
    // Not in the effect itself: the answer comes later anyway.
    queueMicrotask(() => void ask(null));
  }, [ask]);

  const change = useCallback(
    (to: (rows: readonly Row[]) => readonly Row[]) => setLoaded((was) => ({ ...was, rows: to(was.rows) })),
    [],
  );
  const fresh = loaded.key === key;
  const { end, hasMore } = loaded;
  return {
    rows: loaded.rows,
    fresh,
    hasMore: fresh && hasMore,
    loading: !fresh && failed?.key !== key,
    error: failed?.key === key ? failed.error : undefined,
    loadMore: useCallback(() => {
      if (fresh && hasMore) void ask(end);
    }, [ask, fresh, hasMore, end]),
    refresh: useCallback(() => setTurn((was) => was + 1), []),
    put: useCallback((row) => change((rows) => rows.map((one) => (one.id === row.id ? row : one))), [change]),
    add: useCallback((row) => change((rows) => [row, ...rows.filter((one) => one.id !== row.id)]), [change]),
    take: useCallback((ids) => change((rows) => rows.filter((one) => !ids.has(one.id))), [change]),
  };
}
