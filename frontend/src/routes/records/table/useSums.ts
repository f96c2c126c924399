// Count and sums of everything a list would show, not only of the rows that are loaded.
import { useEffect } from "react";
import { useQuery } from "urql";
import { RecordSumsDocument } from "../../../api/generated/records";
import type { Field, Row } from "../model";

export interface Sums {
  count: number;
  sums: Readonly<Record<string, string>>;
}

export function useSums(
  type: string,
  columns: readonly Field[],
  filter: unknown,
  search: string,
  pause: boolean,
  rows: readonly Row[],
): Sums | null {
  const fields = columns.filter((one) => one.summed).map((one) => one.key);
  const [{ data }, ask] = useQuery({
    query: RecordSumsDocument,
    variables: { type, fields: fields.slice(0, 20), filter, search },
    pause,
    requestPolicy: "cache-and-network",
  });
  // What was changed in the list changes its sums.
  useEffect(() => {
    if (!pause && rows.length > 0) ask({ requestPolicy: "network-only" });
  }, [rows, ask, pause]);
  return data && !pause ? { count: data.recordSums.count, sums: data.recordSums.sums as Sums["sums"] } : null;
}
