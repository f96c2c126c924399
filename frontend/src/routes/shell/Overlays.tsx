// The palette and the list of shortcuts: not needed for the first screen, fetched a little later.
import { lazy, Suspense, useEffect } from "react";
import { usePalette } from "../../ui/commands";
import { useOpenedOnce } from "../../ui/useOpenedOnce";
import { useHelp } from "./useShellKeys";

const loadPalette = () => import("./Palette");
const loadHelp = () => import("./KeysHelp");
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const KeysHelp = lazy(async () => ({ default: (await loadHelp()).KeysHelp }));

export function Overlays() {
  const paletteOpened = useOpenedOnce(usePalette((state) => state.opened));
  const helpOpened = useOpenedOnce(useHelp((state) => state.opened));

  useEffect(() => {
    const fetchAhead = () => void Promise.all([loadPalette(), loadHelp()]);
    const timer = setTimeout(fetchAhead, 2_000);
    return () => clearTimeout(timer);
  }, []);

  return (
    <Suspense>
      {paletteOpened && <Palette />}
      {helpOpened && <KeysHelp />}
    </Suspense>
  );
}
