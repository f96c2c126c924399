// A new run comes in at the left: the strip goes back to its beginning, so it is seen.
import { useEffect, useRef } from "react";

export function useFollow(shown: string | null) {
  const row = useRef<HTMLUListElement>(null);
  useEffect(() => {
    row.current
      ?.querySelector('[aria-pressed="true"]')
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown]);
  return { row };
}
