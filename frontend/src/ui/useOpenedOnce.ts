// For parts that load when first needed: true from the first opening on, so that closing can be animated.
import { useState } from "react";

export function useOpenedOnce(opened: boolean): boolean {
  const [once, setOnce] = useState(opened);
  if (opened && !once) setOnce(true);
  return once;
}
