// Marks notices read, wherever they are shown.
import { useLingui } from "@lingui/react/macro";
import { useCallback } from "react";
import { useMutation } from "urql";
import { MarkNoticesReadDocument } from "../../api/generated/graphql";
import { sayFailed } from "../../ui/toast";

const changes = { additionalTypenames: ["Notice", "NoticeConnection"] };

export function useMarkRead(): (ids: string[]) => Promise<void> {
  const { t } = useLingui();
  const [, markRead] = useMutation(MarkNoticesReadDocument);
  return useCallback(
    async (ids) => {
      const { data, error } = await markRead({ ids }, changes);
      if (data?.markNoticesRead.done) return;
      const words = data?.markNoticesRead.problems[0]?.message ?? error?.graphQLErrors[0]?.message;
      sayFailed(words ?? t`The server does not answer. The notice stays unread.`);
    },
    [markRead, t],
  );
}
