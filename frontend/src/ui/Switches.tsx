// Language and colour scheme: two small switches, used in the account menu and on the way in.
import { SegmentedControl, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { IconDeviceDesktop, IconMoon, IconSun, type TablerIcon } from "@tabler/icons-react";
import { type Locale, locales } from "./i18n";

/** Each language is written in itself. */
const languageNames: Record<Locale, string> = { en: "English", ru: "Русский" };

export function LanguageSwitch({ onChoose }: { onChoose: (locale: Locale) => void }) {
  const { t, i18n } = useLingui();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t`Language`}
      value={i18n.locale}
      onChange={(value) => onChoose(value as Locale)}
      data={locales.map((value) => ({ value, label: languageNames[value] }))}
    />
  );
}

const icons: Record<MantineColorScheme, TablerIcon> = {
  auto: IconDeviceDesktop,
  light: IconSun,
  dark: IconMoon,
};

export function SchemeSwitch() {
  const { t } = useLingui();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const words: Record<MantineColorScheme, string> = {
    auto: t({ context: "colours", message: "Auto" }),
    light: t({ context: "colours", message: "Light" }),
    dark: t({ context: "colours", message: "Dark" }),
  };
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t`Colours`}
      value={colorScheme}
      onChange={(value) => setColorScheme(value)}
      data={(["auto", "light", "dark"] as const).map((value) => {
        const Icon = icons[value];
        return {
          value,
          label: (
            <span style={{ display: "inline-flex", alignItems: "center", gap: 6 }}>
              <Icon size={14} aria-hidden />
              {words[value]}
            </span>
          ),
        };
      })}
    />
  );
}
