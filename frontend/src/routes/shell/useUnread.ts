// How many notices are unread; asked again every half minute while the page is looked at.
import { UnreadDocument } from "../../api/generated/graphql";
import { useKept } from "../../api/useKept";
import { useEveryWhileVisible } from "../../ui/useEveryWhileVisible";

const every = 30_000;

export function useUnread(): number {
  const { data, again } = useKept(UnreadDocument);
  useEveryWhileVisible(every, again);
  return data?.notices.unread ?? 0;
}
