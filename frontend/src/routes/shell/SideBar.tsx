// Navigation on the left: where one can go, what is unread, who is here.
import { Badge, Kbd, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { useMay, useViewer } from "../../api/session";
import { usePalette } from "../../ui/commands";
import { keyNames } from "../../ui/keys";
import { Logo } from "../../ui/Logo";
import { AccountMenu } from "./AccountMenu";
import { isAt, type Place, places } from "./places";
import css from "./SideBar.module.css";
import { useUnread } from "./useUnread";

interface SideBarProps {
  narrow: boolean;
  /** Absent where the width is not the person's to choose. */
  onToggle: (() => void) | undefined;
}

export function SideBar({ narrow, onToggle }: SideBarProps) {
  const { t } = useLingui();
  const { workspace } = useViewer();
  const openPalette = usePalette((state) => state.open);

  return (
    <nav className={css.bar} data-narrow={narrow || undefined} aria-label={t`Main navigation`}>
      <div className={css.top}>
        <Link to="/" className={css.brand} aria-label={narrow ? workspace.name : undefined}>
          <Logo />
          {!narrow && <span className={css.workspace}>{workspace.name}</span>}
        </Link>
        {!narrow && onToggle && (
          <ToggleButton label={t`Collapse the sidebar`} onClick={onToggle} expanded>
            <IconLayoutSidebarLeftCollapse size={18} aria-hidden />
          </ToggleButton>
        )}
      </div>

      <UnstyledButton
        className={css.search}
        onClick={openPalette}
        aria-label={narrow ? t`Search and commands` : undefined}
        title={narrow ? t`Search and commands` : undefined}
      >
        <IconSearch size={16} aria-hidden />
        {!narrow && (
          <>
            <span className={css.searchWord}>
              <Trans>Search</Trans>
            </span>
            <Kbd size="xs" aria-hidden>
              {keyNames({ codes: ["KeyK"], mod: true }).join(" ")}
            </Kbd>
          </>
        )}
      </UnstyledButton>

      <div className={css.nav}>
        <Section section="work" narrow={narrow} />
        {!narrow && (
          <h2 className={css.sectionTitle}>
            <Trans>Manage</Trans>
          </h2>
        )}
        <Section section="manage" narrow={narrow} />
      </div>

      {narrow && onToggle && (
        <ToggleButton label={t`Expand the sidebar`} onClick={onToggle} expanded={false}>
          <IconLayoutSidebarLeftExpand size={18} aria-hidden />
        </ToggleButton>
      )}
      <AccountMenu narrow={narrow} />
    </nav>
  );
}

function Section({ section, narrow }: { section: Place["section"]; narrow: boolean }) {
  const administers = useMay("administer");
  const unread = useUnread();
  return (
    <ul className={css.list}>
      {places
        .filter((place) => place.section === section && (place.right !== "administer" || administers))
        .map((place) => (
          <li key={place.path}>
            <PlaceLink place={place} narrow={narrow} count={place.path === "/inbox" ? unread : 0} />
          </li>
        ))}
    </ul>
  );
}

function PlaceLink({ place, narrow, count }: { place: Place; narrow: boolean; count: number }) {
  const { t, i18n } = useLingui();
  const { pathname } = useLocation();
  const current = isAt(place, pathname);
  const Icon = place.icon;
  const title = i18n._(place.title);
  const narrowName = count > 0 ? t`${title}, unread: ${count}` : title;
  return (
    <Link
      to={place.path}
      className={css.link}
      data-current={current || undefined}
      aria-current={current ? "page" : undefined}
      title={narrow ? title : undefined}
      aria-label={narrow ? narrowName : undefined}
    >
      <Icon size={18} stroke={1.75} aria-hidden />
      {!narrow && <span className={css.linkWord}>{title}</span>}
      {count > 0 && (narrow ? <span className={css.dot} /> : <Unread count={count} />)}
    </Link>
  );
}

function Unread({ count }: { count: number }) {
  return (
    <>
      <VisuallyHidden>
        <Trans>, unread:</Trans>{" "}
      </VisuallyHidden>
      <Badge size="sm" variant="filled">
        {count > 99 ? "99+" : count}
      </Badge>
    </>
  );
}

function ToggleButton(props: { label: string; expanded: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <UnstyledButton
      className={css.toggle}
      onClick={props.onClick}
      aria-label={props.label}
      title={props.label}
      aria-expanded={props.expanded}
    >
      {props.children}
    </UnstyledButton>
  );
}
