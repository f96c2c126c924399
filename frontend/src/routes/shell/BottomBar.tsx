// Navigation of a phone: the four daily screens and a sheet with the rest.
import { Drawer, UnstyledButton } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconDots, IconKeyboard, IconLogout, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { useMay, useViewer } from "../../api/session";
import { usePalette } from "../../ui/commands";
import { LanguageSwitch, SchemeSwitch } from "../../ui/Switches";
import { Initials } from "./AccountMenu";
import css from "./BottomBar.module.css";
import { isAt, type Place, places } from "./places";
import { useAccountActions } from "./useAccountActions";
import { useHelp } from "./useShellKeys";
import { useUnread } from "./useUnread";

const daily = new Set(["/", "/scenarios", "/runs", "/inbox"]);

export function BottomBar() {
  const { t } = useLingui();
  const [opened, setOpened] = useState(false);
  const unread = useUnread();
  return (
    <nav className={css.bar} aria-label={t`Main navigation`}>
      {places
        .filter((place) => daily.has(place.path))
        .map((place) => (
          <Tab key={place.path} place={place} count={place.path === "/inbox" ? unread : 0} />
        ))}
      <UnstyledButton className={css.tab} onClick={() => setOpened(true)} aria-expanded={opened}>
        <IconDots size={22} stroke={1.75} aria-hidden />
        <Trans>More</Trans>
      </UnstyledButton>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="bottom"
        size="auto"
        withCloseButton={false}
        aria-label={t`More`}
        classNames={{ content: css.sheet ?? "" }}
      >
        <More close={() => setOpened(false)} />
      </Drawer>
    </nav>
  );
}

function Tab({ place, count }: { place: Place; count: number }) {
  const { t, i18n } = useLingui();
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
      aria-label={count > 0 ? t`${title}, unread: ${count}` : title}
    >
      <span className={css.icon}>
        <Icon size={22} stroke={1.75} aria-hidden />
        {count > 0 && <span className={css.dot} />}
      </span>
      {title}
    </Link>
  );
}

function More({ close }: { close: () => void }) {
  const { i18n } = useLingui();
  const { user } = useViewer();
  const administers = useMay("administer");
  const { signOut, chooseLocale } = useAccountActions();
  const openPalette = usePalette((state) => state.open);
  const openHelp = useHelp((state) => state.open);
  const rest = places.filter(
    (place) => !daily.has(place.path) && (place.right !== "administer" || administers),
  );
  const after = (work: () => void) => () => {
    close();
    work();
  };
  return (
    <div className={css.more}>
      <div className={css.who}>
        <Initials name={user?.name ?? ""} />
        <span>
          <b>{user?.name}</b>
          <small>{user?.email}</small>
        </span>
      </div>
      <UnstyledButton className={css.item} onClick={after(openPalette)}>
        <IconSearch size={20} stroke={1.75} aria-hidden />
        <Trans>Search and commands</Trans>
      </UnstyledButton>
      {rest.map((place) => (
        <Link key={place.path} to={place.path} className={css.item} onClick={close}>
          <place.icon size={20} stroke={1.75} aria-hidden />
          {i18n._(place.title)}
        </Link>
      ))}
      <div className={css.switches}>
        <LanguageSwitch onChoose={chooseLocale} />
        <SchemeSwitch />
      </div>
      <UnstyledButton className={css.item} onClick={after(openHelp)}>
        <IconKeyboard size={20} stroke={1.75} aria-hidden />
        <Trans>Keyboard shortcuts</Trans>
      </UnstyledButton>
      <UnstyledButton className={css.item} onClick={after(signOut)}>
        <IconLogout size={20} stroke={1.75} aria-hidden />
        <Trans>Sign out</Trans>
      </UnstyledButton>
    </div>
  );
}
