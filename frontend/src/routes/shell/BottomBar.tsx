// Navigation of a phone: the four daily screens and a sheet with the rest.
import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconDots } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { Link, useLocation } from "react-router";
import { useOpenedOnce } from "../../ui/useOpenedOnce";
import css from "./BottomBar.module.css";
import { isAt, type Place, places } from "./places";
import { useUnread } from "./useUnread";

const MoreSheet = lazy(async () => ({ default: (await import("./MoreSheet")).MoreSheet }));

export function BottomBar() {
  const { t } = useLingui();
  const [opened, setOpened] = useState(false);
  const once = useOpenedOnce(opened);
  const unread = useUnread();
  return (
    <nav className={css.bar} aria-label={t`Main navigation`}>
      {places
        .filter((place) => place.daily)
        .map((place) => (
          <Tab key={place.path} place={place} count={place.path === "/inbox" ? unread : 0} />
        ))}
      <UnstyledButton className={css.tab} onClick={() => setOpened(true)} aria-expanded={opened}>
        <IconDots size={22} stroke={1.75} aria-hidden />
        <Trans>More</Trans>
      </UnstyledButton>
      <Suspense>{once && <MoreSheet opened={opened} close={() => setOpened(false)} />}</Suspense>
    </nav>
  );
}

function Tab({ place, count }: { place: Place; count: number }) {
  const { i18n } = useLingui();
  const { pathname } = useLocation();
  const current = isAt(place, pathname);
  const title = i18n._(place.title);
  const Icon = place.icon;
  return (
    <Link
      to={place.path}
      className={css.tab}
      data-current={current || undefined}
      aria-current={current ? "page" : undefined}
    >
      <span className={css.icon}>
        <Icon size={22} stroke={1.75} aria-hidden />
        {count > 0 && <span className={css.dot} />}
      </span>
      {title}
      {count > 0 && (
        <VisuallyHidden>
          <Trans>, unread: {count}</Trans>
        </VisuallyHidden>
      )}
    </Link>
  );
}
