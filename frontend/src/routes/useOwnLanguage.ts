// After signing in: the language chosen on this device goes to the account; without one, the account's language is spoken.
import { useEffect } from "react";
import { useClient } from "urql";
import { SetLocaleDocument } from "../api/generated/graphql";
import { useSession } from "../api/session";
import { chosenLocale, currentLocale, locales, speak } from "../ui/i18n";

export function useOwnLanguage(): void {
  const client = useClient();
  const { state } = useSession();
  const own = state.phase === "known" ? state.viewer?.user?.locale : undefined;

  useEffect(() => {
    if (own === undefined) return;
    const chosen = chosenLocale();
    if (chosen !== null && chosen !== own) {
      void client.mutation(SetLocaleDocument, { locale: chosen }).toPromise();
      return;
    }
    const known = locales.find((locale) => locale === own);
    if (known && known !== currentLocale()) void speak(known);
  }, [own, client]);
}
