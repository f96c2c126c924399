// What the palette shows for a query: screens and actions at once, scenarios as the server finds them.
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import {
  IconBolt,
  IconFileImport,
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSun,
} from "@tabler/icons-react";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { useQuery } from "urql";
import { FindScenariosDocument } from "../../api/generated/graphql";
import { useMay } from "../../api/session";
import { type Command, usePalette } from "../../ui/commands";
import { currentLocale } from "../../ui/i18n";
import { fit, onOtherLayout } from "../../ui/typedWith";
import { useCreateScenario } from "../scenarios/useCreateScenario";
import { places } from "./places";
import { useAccountActions } from "./useAccountActions";
import { useHelp } from "./useShellKeys";

/** `settled` is the query a moment ago: only that is sent to the server. */
export function useFound(query: string, settled: string): Command[] {
  const goings = usePlaceCommands();
  const actions = useActionCommands();
  const extra = usePalette((state) => state.extra);
  const scenarios = useScenarioCommands(settled);

  return useMemo(() => {
    const seen = new Set<string>();
    return [...extra, ...goings, ...scenarios, ...actions]
      .map((command) => ({ command, rank: fit(command.title, query) }))
      .filter(({ command, rank }) => rank > 0 && !seen.has(command.id) && seen.add(command.id))
      .sort((one, other) => other.rank - one.rank)
      .map(({ command }) => command);
  }, [query, extra, goings, scenarios, actions]);
}

function useScenarioCommands(settled: string): Command[] {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [asTyped] = useQuery({ query: FindScenariosDocument, variables: { search: settled } });
  const [otherLayout] = useQuery({
    query: FindScenariosDocument,
    variables: { search: onOtherLayout(settled) },
    pause: settled === "",
  });
  const kind = t`scenario`;
  const unnamed = t`Untitled scenario`;
  return useMemo(
    () =>
      [...(asTyped.data?.scenarios.nodes ?? []), ...(otherLayout.data?.scenarios.nodes ?? [])].map(
        ({ id, title }) => ({
          id: `scenario:${id}`,
          title: title || unnamed,
          kind,
          icon: IconBolt,
          run: () => void navigate(`/scenarios/${id}`),
        }),
      ),
    [asTyped.data, otherLayout.data, kind, unnamed, navigate],
  );
}

function usePlaceCommands(): Command[] {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const administers = useMay("administer");
  const kind = t`screen`;
  return useMemo(
    () =>
      places
        .filter((place) => place.right !== "administer" || administers)
        .map((place) => ({
          id: `place:${place.path}`,
          title: i18n._(place.title),
          kind,
          icon: place.icon,
          run: () => void navigate(place.path),
        })),
    [administers, i18n, kind, navigate],
  );
}

function useActionCommands(): Command[] {
  const { t } = useLingui();
  const navigate = useNavigate();
  const builds = useMay("build");
  const create = useCreateScenario();
  const { signOut, chooseLocale } = useAccountActions();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme();
  const openHelp = useHelp((state) => state.open);
  const kind = t`action`;

  const action = (id: string, title: string, icon: Command["icon"], run: () => void): Command => ({
    id: `action:${id}`,
    title,
    kind,
    icon,
    run,
  });
  const isRussian = currentLocale() === "ru";
  const isDark = scheme === "dark";
  return [
    ...(builds
      ? [
          action("create", t`Build a scenario`, IconPlus, () => void create()),
          action(
            "import",
            t`Import a scenario from text`,
            IconFileImport,
            () => void navigate("/scenarios?import"),
          ),
        ]
      : []),
    action("scheme", isDark ? t`Light colours` : t`Dark colours`, isDark ? IconSun : IconMoon, () =>
      setColorScheme(isDark ? "light" : "dark"),
    ),
    action("language", isRussian ? "English" : "Русский язык", IconLanguage, () =>
      chooseLocale(isRussian ? "en" : "ru"),
    ),
    action("keys", t`Keyboard shortcuts`, IconKeyboard, openHelp),
    action("out", t`Sign out`, IconLogout, signOut),
  ];
}
