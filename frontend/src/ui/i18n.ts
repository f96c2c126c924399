// The language of the screens: guess it once, remember it, load its catalogs, tell the page.
import { i18n, type Messages } from "@lingui/core";

export type Locale = "en" | "ru";
export const locales: readonly Locale[] = ["en", "ru"];

type Part = "shell" | "builder" | "records";
type Loader = () => Promise<{ messages: Messages }>;

const loaders: Record<Part, Record<Locale, Loader>> = {
  shell: {
    en: () => import("../locales/shell.en.po"),
    ru: () => import("../locales/shell.ru.po"),
  },
  builder: {
    en: () => import("../locales/builder.en.po"),
    ru: () => import("../locales/builder.ru.po"),
  },
  records: {
    en: () => import("../locales/records.en.po"),
    ru: () => import("../locales/records.ru.po"),
  },
};

const storageKey = "potok.locale";
const parts = new Set<Part>(["shell"]);

/** The chosen language, else the first one of the browser that we speak, else English. */
export function firstLocale(languages: readonly string[] = navigator.languages): Locale {
  const chosen = chosenLocale();
  if (chosen) return chosen;
  for (const language of languages) {
    const found = locales.find((locale) => language.toLowerCase().startsWith(locale));
    if (found) return found;
  }
  return "en";
}

/** The language shown now. */
export function currentLocale(): Locale {
  return i18n.locale === "ru" ? "ru" : "en";
}

/** What the person chose on this device, if they did. */
export function chosenLocale(): Locale | null {
  const remembered = localStorage.getItem(storageKey);
  return locales.find((locale) => locale === remembered) ?? null;
}

/** Show the screens in `locale`; `remember` when it is the person's own choice. */
export async function speak(locale: Locale, { remember = false } = {}): Promise<void> {
  const loaded = await Promise.all([...parts].map((part) => loaders[part][locale]()));
  for (const { messages } of loaded) i18n.load(locale, messages);
  i18n.activate(locale);
  if (remember) localStorage.setItem(storageKey, locale);
  document.documentElement.lang = locale;
}

/** Before a lazy room is shown: add its words to the language in use. */
export async function loadWords(part: Part): Promise<void> {
  if (parts.has(part)) return;
  parts.add(part);
  const locale = currentLocale();
  const { messages } = await loaders[part][locale]();
  i18n.load(locale, messages);
  i18n.activate(locale);
}

export { i18n };
