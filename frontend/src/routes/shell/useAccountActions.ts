// Signing out and choosing the language: the same from the menu, the palette and the bottom sheet.
import { useClient } from "urql";
import { SetLocaleDocument, SignOutDocument } from "../../api/generated/graphql";
import { useSession } from "../../api/session";
import { type Locale, speak } from "../../ui/i18n";

export function useAccountActions() {
  const client = useClient();
  const { renew } = useSession();
  return {
    signOut: () => {
      void client.mutation(SignOutDocument, {}).toPromise().then(renew);
    },
    chooseLocale: (locale: Locale) => {
      // The server's own words (problems, the catalog) come in the new language after a fresh start of the cache.
      void speak(locale, { remember: true })
        .then(() => client.mutation(SetLocaleDocument, { locale }).toPromise())
        .then(renew);
    },
  };
}
