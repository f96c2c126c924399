// A query that keeps what it showed: when asking again fails, the old answer stays and the banner tells why.
import { useCallback, useState } from "react";
import { type CombinedError, type TypedDocumentNode, useQuery } from "urql";

type NoVariables = Record<string, never>;

export interface Kept<Data> {
  data: Data | undefined;
  /** Only while there is nothing to show. */
  error: CombinedError | undefined;
  again: () => void;
}

export function useKept<Data>(query: TypedDocumentNode<Data, NoVariables>): Kept<Data> {
  const [{ data, error }, ask] = useQuery({ query });
  const [kept, setKept] = useState(data);
  if (data !== undefined && data !== kept) setKept(data);
  const shown = data ?? kept;
  return {
    data: shown,
    error: shown === undefined ? error : undefined,
    again: useCallback(() => ask({ requestPolicy: "network-only" }), [ask]),
  };
}
