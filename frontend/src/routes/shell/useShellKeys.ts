// Shortcuts of the frame: the palette, the help, and "G, then a letter" to go places.
import { msg } from "@lingui/core/macro";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { create } from "zustand";
import { useMay } from "../../api/session";
import { usePalette } from "../../ui/commands";
import { type Shortcut, useShortcuts } from "../../ui/keys";
import { places } from "./places";

interface Help {
  opened: boolean;
  open: () => void;
  close: () => void;
}

export const useHelp = create<Help>((set) => ({
  opened: false,
  open: () => set({ opened: true }),
  close: () => set({ opened: false }),
}));

const everywhere = msg`Everywhere`;
const goTo = msg`Go to`;
const none: readonly Shortcut[] = [];

/** `isCanvas`: there single letters belong to the builder, so only Ctrl+K and ? stay. */
export function useShellKeys(isCanvas: boolean): void {
  const openHelp = useHelp((state) => state.open);
  const navigate = useNavigate();
  const administers = useMay("administer");
  const openPalette = usePalette((state) => state.open);

  useShortcuts(everywhere, [
    { codes: ["KeyK"], mod: true, label: msg`Search and commands`, run: openPalette, whileTyping: true },
    { codes: ["Slash"], shift: true, char: "?", label: msg`Show these shortcuts`, run: openHelp },
  ]);
  const goings = useMemo(
    () =>
      places
        .filter((place) => place.right !== "administer" || administers)
        .map((place) => ({
          codes: ["KeyG", place.code],
          label: place.title,
          run: () => void navigate(place.path),
        })),
    [administers, navigate],
  );
  useShortcuts(goTo, isCanvas ? none : goings);
}
