// How many notices are unread; asked again when the server says that notices changed.
import { UnreadDocument } from "../../api/generated/graphql";
import { useKept } from "../../api/useKept";
import { useNews } from "../../api/useNews";

export function useUnread(): number {
  const { data, again } = useKept(UnreadDocument);
  useNews("notices", again);
  return data?.notices.unread ?? 0;
}
