// The frame of every list screen: title in the tab, heading that takes the focus, actions beside it.
import { Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import css from "./Page.module.css";

/** The name in the browser's tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Potok" : `${title} · Potok`;
  }, [title]);
}

/** The first screen keeps the browser's own focus; every later one moves it to its heading. */
let isFirstScreen = true;

/** Moves the focus to the element when the screen opens, so a screen reader starts there. */
export function useFocusOnOpen<T extends HTMLElement>() {
  const ref = useRef<T>(null);
  useEffect(() => {
    if (!isFirstScreen) ref.current?.focus({ preventScroll: true });
    // Not at once: React's strict mode opens every screen twice.
    const timer = setTimeout(() => {
      isFirstScreen = false;
    });
    return () => clearTimeout(timer);
  }, []);
  return ref;
}

interface PageProps {
  title: string;
  /** What the heading says when it is not the title. */
  heading?: string;
  /** One line under the title: what this screen is for. */
  about?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

export function Page({ title, heading = title, about, actions, wide = false, children }: PageProps) {
  useTitle(title);
  const top = useFocusOnOpen<HTMLHeadingElement>();
  return (
    <div className={css.page} data-wide={wide || undefined}>
      <header className={css.header}>
        <div className={css.heading}>
          <Title order={1} ref={top} tabIndex={-1} className={css.title ?? ""}>
            {heading}
          </Title>
          {about !== undefined && <p className={css.about}>{about}</p>}
        </div>
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
