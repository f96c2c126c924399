// Keeps one changed value: answers the record as it is now, or the words why not.
import { useLingui } from "@lingui/react/macro";
import { useCallback } from "react";
import { useClient } from "urql";
import {
  type ProblemPartsFragment,
  RecordCardDocument,
  UpdateRecordDocument,
} from "../../api/generated/records";
import { wordsOf } from "../../ui/problems";
import type { Row, Values } from "./model";

export type Problem = ProblemPartsFragment;

export type Saved =
  | { record: Row; problems?: undefined }
  | {
      record: null;
      problems: readonly Problem[];
      words: string;
      /** What somebody faster made of it. */ newest?: Row;
    };

export function useSave() {
  const { t } = useLingui();
  const client = useClient();
  const away = t`The server does not answer. Nothing you typed is lost: try again.`;
  return useCallback(
    async (row: Pick<Row, "id" | "type" | "version">, values: Values): Promise<Saved> => {
      const { id, type, version } = row;
      const answer = await client.mutation(UpdateRecordDocument, { type, id, values, version }).toPromise();
      const record = answer.data?.updateRecord.record;
      if (record) return { record };
      const problems = answer.data?.updateRecord.problems ?? [];
      const words = problems.map(wordsOf).join(" ") || (answer.error?.graphQLErrors[0]?.message ?? away);
      if (!problems.some((one) => one.code === "record.changed_meanwhile"))
        return { record: null, problems, words };
      const fresh = await client
        .query(RecordCardDocument, { type, id }, { requestPolicy: "network-only" })
        .toPromise();
      return { record: null, problems, words, ...(fresh.data?.record && { newest: fresh.data.record }) };
    },
    [client, away],
  );
}
