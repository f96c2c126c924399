// Does something again and again, but only while the page is looked at; at once when it is looked at again.
import { useEffect, useRef } from "react";

export function useEveryWhileVisible(milliseconds: number, work: () => void): void {
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  useEffect(() => {
    const again = () => {
      if (!document.hidden) latest.current();
    };
    const timer = setInterval(again, milliseconds);
    document.addEventListener("visibilitychange", again);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", again);
    };
  }, [milliseconds]);
}
