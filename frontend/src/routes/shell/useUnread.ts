// How many notices are unread; asked again every half minute while the page is looked at.
import { useQuery } from "urql";
import { UnreadDocument } from "../../api/generated/graphql";
import { useEveryWhileVisible } from "../../ui/useEveryWhileVisible";

const every = 30_000;

export function useUnread(): number {
  const [{ data }, ask] = useQuery({ query: UnreadDocument });
  useEveryWhileVisible(every, () => ask({ requestPolicy: "network-only" }));
  return data?.notices.unread ?? 0;
}
