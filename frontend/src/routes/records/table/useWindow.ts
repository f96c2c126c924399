// Which rows of a long list are in sight. Rows are of one height, so it is arithmetic.
import { type RefObject, useCallback, useEffect, useMemo, useState } from "react";

export const rowHeight = 40;
const spare = 10;
/** Where nothing can be measured. */
const tall = 800;

export function useWindow(frame: RefObject<HTMLDivElement | null>, count: number, loadMore: () => void) {
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(tall);
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight) - spare, count));
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);

  useEffect(() => {
    if (last >= count - spare) loadMore();
  }, [last, count, loadMore]);

  const onScroll = useCallback(() => {
    const element = frame.current;
    if (!element) return;
    setTop(element.scrollTop);
    if (element.clientHeight > 0) setHeight(element.clientHeight);
  }, [frame]);

  /** Scrolls so that the row is drawn; head and foot lie over the rows. */
  const reveal = useCallback(
    (row: number) => {
      const element = frame.current;
      if (!element || element.clientHeight === 0) return;
      const from = row * rowHeight;
      const room = element.clientHeight - 3 * rowHeight;
      if (from < element.scrollTop) element.scrollTo({ top: from });
      else if (from > element.scrollTop + room) element.scrollTo({ top: from - room });
    },
    [frame],
  );
  return useMemo(
    () => ({ first, last, before: first * rowHeight, after: (count - last) * rowHeight, onScroll, reveal }),
    [first, last, count, onScroll, reveal],
  );
}
