// For tests: a screen inside everything it needs, with a fake server behind it.
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { MemoryRouter, useLocation } from "react-router";
import { SessionProvider, useSession } from "../api/session";
import type { Role } from "../api/types";
import { Screens } from "../routes/App";
import { i18n, loadWords, speak } from "../ui/i18n";
import { theme } from "../ui/theme";
import { Toasts } from "../ui/Toasts";
import { type Answers, fakeServer, type FakeServer } from "./fakeServer";

export function viewer(role: Role = "OWNER") {
  return {
    __typename: "Viewer",
    role,
    apiKeyName: null,
    user: { __typename: "User", id: "u1", email: "anna@example.com", name: "Anna Petrova", locale: "en" },
    workspace: { __typename: "Workspace", id: "w1", name: "North Ltd", timeZone: "UTC" },
  };
}

/** What the frame itself asks; screens add their own. */
export function frameAnswers(role: Role | null = "OWNER"): Answers {
  return {
    Session: () => ({
      install: { __typename: "Install", needsSetup: false, version: "0.1.0" },
      viewer: role && viewer(role),
    }),
    Unread: () => ({ notices: { __typename: "NoticeConnection", unread: 0, nodes: [] } }),
    FindScenarios: () => ({ scenarios: { __typename: "ScenarioConnection", nodes: [] } }),
    SetLocale: () => ({
      setLocale: { __typename: "ViewerPayload", viewer: viewer(role ?? "OWNER"), problems: [] },
    }),
  };
}

/** Where the app is now: path and search. */
export const currentAddress = () => document.querySelector("[data-address]")?.getAttribute("data-address");

function Watch(): ReactNode {
  const { pathname, search } = useLocation();
  return <i data-address={pathname + search} />;
}

/** Opens the app at `path`. */
export async function openApp(path: string, answers: Answers) {
  await speak("en");
  const server: FakeServer = fakeServer(answers);
  const user = userEvent.setup();
  const shown = render(
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} env="test">
        <SessionProvider connect={server.connect}>
          <MemoryRouter initialEntries={[path]}>
            <Screens />
            <Watch />
          </MemoryRouter>
          <Toasts />
        </SessionProvider>
      </MantineProvider>
    </I18nProvider>,
  );
  return { ...shown, user, server };
}

/** Opens one part of a screen for a signed-in person, without the screen around it. */
export async function openPart(part: ReactNode, answers: Answers) {
  await speak("en");
  await loadWords("builder");
  const server: FakeServer = fakeServer(answers);
  const user = userEvent.setup();
  const shown = render(
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} env="test">
        <SessionProvider connect={server.connect}>
          <Known>{part}</Known>
        </SessionProvider>
      </MantineProvider>
    </I18nProvider>,
  );
  await screen.findByTestId("known");
  return { ...shown, user, server };
}

function Known({ children }: { children: ReactNode }): ReactNode {
  const { state } = useSession();
  return state.phase === "known" && state.viewer ? <div data-testid="known">{children}</div> : null;
}
