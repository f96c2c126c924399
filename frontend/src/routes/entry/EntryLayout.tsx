// The quiet page one comes in through: a card, the language, the colours.
import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Logo } from "../../ui/Logo";
import { LinkBanner } from "../../ui/LinkBanner";
import { speak } from "../../ui/i18n";
import { useFocusOnOpen, useTitle } from "../../ui/Page";
import { LanguageSwitch, SchemeSwitch } from "../../ui/Switches";
import css from "./EntryLayout.module.css";

interface EntryLayoutProps {
  title: string;
  about: ReactNode;
  children?: ReactNode;
}

export function EntryLayout({ title, about, children }: EntryLayoutProps) {
  useTitle(title);
  const heading = useFocusOnOpen<HTMLHeadingElement>();
  return (
    <>
      <LinkBanner />
      <main className={css.page}>
        <div className={css.card}>
          <Logo size={40} />
          <Title order={1} ref={heading} tabIndex={-1} className={css.title}>
            {title}
          </Title>
          <p className={css.about}>{about}</p>
          {children}
        </div>
        <div className={css.switches}>
          <LanguageSwitch onChoose={(locale) => void speak(locale, { remember: true })} />
          <SchemeSwitch />
        </div>
      </main>
    </>
  );
}
