// The whole app: look, words, session, screens.
import { MantineProvider } from "@mantine/core";
import { I18nProvider } from "@lingui/react";
import { i18n } from "../ui/i18n";
import { cssVariables, theme } from "../ui/theme";

export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={cssVariables}>
        <main>Potok</main>
      </MantineProvider>
    </I18nProvider>
  );
}
