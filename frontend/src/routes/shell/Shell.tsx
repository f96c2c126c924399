// The frame around every signed-in screen: navigation, palette, banner, toasts.
import { Trans } from "@lingui/react/macro";
import { Suspense, useEffect, useState } from "react";
import { Outlet, useLocation, useMatch } from "react-router";
import { useLingui } from "@lingui/react/macro";
import { ErrorBoundary } from "../../ui/ErrorBoundary";
import { listenForKeys } from "../../ui/keys";
import { LinkBanner } from "../../ui/LinkBanner";
import { Waiting } from "../../ui/Parts";
import { BottomBar } from "./BottomBar";
import { Overlays } from "./Overlays";
import css from "./Shell.module.css";
import { SideBar } from "./SideBar";
import { useShellKeys } from "./useShellKeys";

const storageKey = "potok.sidebar";

export function Shell() {
  const { t } = useLingui();
  const { pathname } = useLocation();
  const [collapsed, setCollapsed] = useState(() => localStorage.getItem(storageKey) === "narrow");
  // The canvas wants the room: there the navigation is always narrow.
  const isScenario = useMatch("/scenarios/:id") !== null;
  const isRun = useMatch("/runs/:id") !== null;
  const isCanvas = isScenario || isRun;

  useEffect(() => listenForKeys(), []);
  useShellKeys(isCanvas);

  const toggle = () => {
    localStorage.setItem(storageKey, collapsed ? "wide" : "narrow");
    setCollapsed(!collapsed);
  };

  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        <Trans>Skip to the content</Trans>
      </a>
      <SideBar narrow={collapsed || isCanvas} onToggle={isCanvas ? undefined : toggle} />
      <div className={css.column}>
        <LinkBanner />
        {/* It scrolls, so the keyboard must reach it even where nothing inside can be focused. */}
        <main
          id="content"
          tabIndex={isCanvas ? -1 : 0}
          className={css.main}
          data-canvas={isCanvas || undefined}
        >
          <ErrorBoundary resetKey={pathname}>
            <Suspense
              fallback={
                <div className={css.waiting}>
                  <Waiting what={t`Opening the screen…`} />
                </div>
              }
            >
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <BottomBar />
      <Overlays />
    </div>
  );
}
