// Records into the trash and out of it.
import { useLingui } from "@lingui/react/macro";
import { useClient, useMutation } from "urql";
import { DeleteRecordsDocument, RestoreRecordsDocument } from "../../api/generated/records";
import { wordsOf } from "../../ui/problems";
import { sayDone, sayFailed } from "../../ui/toast";

/** To the trash and back, with a way to undo it. */
export function useTrash(type: string, done: () => void) {
  const { t } = useLingui();
  const client = useClient();
  const [, bin] = useMutation(DeleteRecordsDocument);
  const failed = (problem: string | undefined) =>
    sayFailed(problem ?? t`The server does not answer. Nothing was changed: try again.`);
  const back = async (ids: string[]) => {
    const { data, error } = await client.mutation(RestoreRecordsDocument, { type, ids }).toPromise();
    const [problem] = data?.restoreRecords.problems ?? [];
    if (data?.restoreRecords.done) sayDone(t`Put back: ${{ count: ids.length }}`);
    else failed(problem ? wordsOf(problem) : error?.graphQLErrors[0]?.message);
    done();
  };
  const away = async (ids: string[]): Promise<boolean> => {
    const { data, error } = await bin({ type, ids });
    const [problem] = data?.deleteRecords.problems ?? [];
    const gone = data?.deleteRecords.done === true;
    if (gone)
      sayDone(t`Moved to the trash: ${{ count: ids.length }}`, { label: t`Undo`, run: () => void back(ids) });
    else failed(problem ? wordsOf(problem) : error?.graphQLErrors[0]?.message);
    done();
    return gone;
  };
  return { away, back };
}
