// The whole app: look, words, session, screens. Every screen is a chunk of its own.
import { I18nProvider } from "@lingui/react";
import { useLingui } from "@lingui/react/macro";
import { MantineProvider } from "@mantine/core";
import { lazy, Suspense } from "react";
import { BrowserRouter, Navigate, Route, Routes, useLocation, useParams } from "react-router";
import { SessionProvider, useSession } from "../api/session";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { i18n, loadWords } from "../ui/i18n";
import { cssVariables, theme } from "../ui/theme";
import { Toasts } from "../ui/Toasts";
import { Arriving } from "./entry/Arriving";
import { Shell } from "./shell/Shell";
import { useOwnLanguage } from "./useOwnLanguage";

const SetupPage = lazy(async () => ({ default: (await import("./entry/SetupPage")).SetupPage }));
const SignInPage = lazy(async () => ({ default: (await import("./entry/SignInPage")).SignInPage }));
const HomePage = lazy(async () => ({ default: (await import("./home/HomePage")).HomePage }));
const ScenariosPage = lazy(async () => ({
  default: (await import("./scenarios/ScenariosPage")).ScenariosPage,
}));
const RunsPage = lazy(async () => ({ default: (await import("./runs/RunsPage")).RunsPage }));
const EventsPage = lazy(async () => ({ default: (await import("./events/EventsPage")).EventsPage }));
const OutboxPage = lazy(async () => ({ default: (await import("./outbox/OutboxPage")).OutboxPage }));
const CalendarPage = lazy(async () => ({
  default: (await import("./calendar/CalendarPage")).CalendarPage,
}));
const InboxPage = lazy(async () => ({ default: (await import("./inbox/InboxPage")).InboxPage }));
const PluginsPage = lazy(async () => ({ default: (await import("./plugins/PluginsPage")).PluginsPage }));
const PeoplePage = lazy(async () => ({ default: (await import("./people/PeoplePage")).PeoplePage }));
const CalendarsPage = lazy(async () => ({
  default: (await import("./calendars/CalendarsPage")).CalendarsPage,
}));
const RetentionPage = lazy(async () => ({
  default: (await import("./retention/RetentionPage")).RetentionPage,
}));
const VariablesPage = lazy(async () => ({
  default: (await import("./variables/VariablesPage")).VariablesPage,
}));
const KeysPage = lazy(async () => ({ default: (await import("./keys/KeysPage")).KeysPage }));
const NotFoundPage = lazy(async () => ({ default: (await import("./NotFoundPage")).NotFoundPage }));

// The words of the records and of the builder travel with them.
const RecordsRoom = lazy(async () => {
  const [{ RecordsRoom }] = await Promise.all([import("./records/RecordsRoom"), loadWords("records")]);
  return { default: RecordsRoom };
});
const BuilderPage = lazy(async () => {
  const [{ BuilderPage }] = await Promise.all([import("../canvas/BuilderPage"), loadWords("builder")]);
  return { default: BuilderPage };
});
const RunPage = lazy(async () => {
  const [{ RunPage }] = await Promise.all([import("../canvas/RunPage"), loadWords("builder")]);
  return { default: RunPage };
});

export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={cssVariables}>
        <ErrorBoundary resetKey="app">
          <SessionProvider>
            <BrowserRouter>
              <Screens />
            </BrowserRouter>
            <Toasts />
          </SessionProvider>
        </ErrorBoundary>
      </MantineProvider>
    </I18nProvider>
  );
}

/** Apart from App, so that tests can put them into a router and a session of their own. */
export function Screens() {
  useOwnLanguage();
  return (
    <Suspense fallback={<Arriving />}>
      <Routes>
        <Route path="/setup" element={<SetupPage />} />
        <Route path="/sign-in" element={<SignInPage />} />
        <Route element={<SignedIn />}>
          <Route index element={<HomePage />} />
          <Route path="/scenarios" element={<ScenariosPage />} />
          <Route path="/scenarios/:id" element={<WithId screen={BuilderPage} />} />
          <Route path="/records/*" element={<RecordsRoom />} />
          <Route path="/runs" element={<RunsPage />} />
          <Route path="/runs/:id" element={<WithId screen={RunPage} />} />
          <Route path="/events" element={<EventsPage />} />
          <Route path="/calendar" element={<CalendarPage />} />
          <Route path="/outbox" element={<OutboxPage />} />
          <Route path="/inbox" element={<InboxPage />} />
          <Route path="/plugins" element={<PluginsPage />} />
          <Route path="/people" element={<PeoplePage />} />
          <Route path="/calendars" element={<CalendarsPage />} />
          <Route path="/variables" element={<VariablesPage />} />
          <Route path="/keys" element={<KeysPage />} />
          <Route path="/retention" element={<RetentionPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </Suspense>
  );
}

/** Shows the frame to those who are signed in; sends others to the sign-in and remembers where they were. */
function SignedIn() {
  const { t } = useLingui();
  const { state } = useSession();
  const { pathname, search } = useLocation();
  if (state.phase === "unreachable") return <Arriving words={t`The server does not answer. Trying again…`} />;
  if (state.phase === "asking") return <Arriving />;
  if (state.viewer) return <Shell />;
  const place = pathname + search;
  const next = place === "/" ? "" : `?next=${encodeURIComponent(place)}`;
  return <Navigate to={`/sign-in${next}`} replace />;
}

function WithId({ screen: Screen }: { screen: React.ComponentType<{ id: string }> }) {
  const { id = "" } = useParams();
  // A new id is a new document: nothing of the old screen may stay.
  return <Screen key={id} id={id} />;
}
