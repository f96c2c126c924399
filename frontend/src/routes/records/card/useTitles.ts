// Titles of records that a timeline names and the record itself no longer points to.
import { useEffect, useState } from "react";
import { useClient } from "urql";
import { RecordCardDocument } from "../../../api/generated/records";
import { type Field, settingsOf } from "../model";

interface Line {
  changes: unknown;
}

export function useTitles(
  lines: readonly Line[] | null,
  fields: readonly Field[],
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const client = useClient();
  const [found, setFound] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    let gone = false;
    const wanted = new Map<string, string>();
    for (const field of fields.filter((one) => one.kind === "relation"))
      for (const line of lines ?? [])
        for (const id of idsIn((line.changes as Record<string, unknown[]>)[field.key]))
          if (!known.has(id)) wanted.set(id, settingsOf(field).target ?? "");
    const ask = async ([id, type]: [string, string]) => {
      const { data } = await client
        .query(RecordCardDocument, { type, id }, { requestPolicy: "cache-first" })
        .toPromise();
      return [id, data?.record?.title ?? "…"] as const;
    };
    void Promise.all([...wanted].slice(0, 50).map(ask)).then((titles) => {
      if (!gone && titles.length > 0) setFound(new Map(titles));
    });
    return () => {
      gone = true;
    };
  }, [client, lines, fields, known]);
  return new Map([...found, ...known]);
}

const idsIn = (change: unknown[] | undefined): string[] =>
  (change ?? []).flat().filter((one): one is string => typeof one === "string");
