// A list in pages: the first page is asked again and again, older pages stay below it, nothing doubles.
import { useCallback, useState } from "react";
import { type AnyVariables, type CombinedError, type TypedDocumentNode, useClient, useQuery } from "urql";

export interface PageOf<N> {
  nodes: readonly N[];
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
}

interface Loaded<N> {
  items: readonly N[];
  pageInfo: PageOf<N>["pageInfo"];
}

/** Puts a fresh first page over what was loaded before; starts anew when they no longer meet. */
export function mergeFirst<N extends { id: string }>(was: Loaded<N> | null, first: PageOf<N>): Loaded<N> {
  const last = first.nodes.at(-1);
  const meetsAt = was?.items.findIndex((item) => item.id === last?.id) ?? -1;
  if (!was || meetsAt < 0 || !first.pageInfo.hasNextPage)
    return { items: first.nodes, pageInfo: first.pageInfo };
  const fresh = new Set(first.nodes.map((node) => node.id));
  const older = was.items.slice(meetsAt + 1).filter((item) => !fresh.has(item.id));
  return {
    items: [...first.nodes, ...older],
    pageInfo: older.length > 0 ? was.pageInfo : first.pageInfo,
  };
}

export interface Keyset<N> {
  items: readonly N[] | null;
  error: CombinedError | undefined;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => Promise<void>;
  refresh: () => void;
}

/** `pick` takes the page out of the answer; `variables` are those of the document without `after`. */
export function useKeyset<Data, Variables extends AnyVariables, N extends { id: string }>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, "after">,
  pick: (data: Data) => PageOf<N>,
): Keyset<N> {
  const client = useClient();
  const [{ data, error }, ask] = useQuery({ query, variables: variables as Variables });
  const key = JSON.stringify(variables);
  const [seen, setSeen] = useState<{ key: string; data: Data | undefined }>({ key, data: undefined });
  const [loaded, setLoaded] = useState<Loaded<N> | null>(null);
  const [loadingMore, setLoadingMore] = useState(false);
  const [moreError, setMoreError] = useState<CombinedError>();

  // A new answer is laid over the old list while rendering, so that no frame shows a half.
  if (seen.key !== key || seen.data !== data) {
    setSeen({ key, data });
    const same = seen.key === key;
    // No data means still asking, or a refresh that failed: what is shown stays.
    setLoaded((was) => (data ? mergeFirst(same ? was : null, pick(data)) : same ? was : null));
  }

  const loadMore = useCallback(async () => {
    if (!loaded?.pageInfo.hasNextPage) return;
    setLoadingMore(true);
    const next = { ...(variables as Variables), after: loaded.pageInfo.endCursor };
    const answer = await client.query(query, next, { requestPolicy: "network-only" }).toPromise();
    setLoadingMore(false);
    setMoreError(answer.error);
    if (!answer.data) return;
    const page = pick(answer.data);
    setLoaded((was) => {
      const known = new Set(was?.items.map((item) => item.id));
      const added = page.nodes.filter((node) => !known.has(node.id));
      return { items: [...(was?.items ?? []), ...added], pageInfo: page.pageInfo };
    });
  }, [client, query, variables, loaded, pick]);

  return {
    items: loaded?.items ?? null,
    error: loaded ? moreError : error,
    hasMore: loaded?.pageInfo.hasNextPage ?? false,
    loadingMore,
    loadMore,
    refresh: useCallback(() => ask({ requestPolicy: "network-only" }), [ask]),
  };
}
