// The rest of a phone's navigation: other screens, search, the account.
import { Drawer, UnstyledButton } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "react-router";
import { useMay, useViewer } from "../../api/session";
import { usePalette } from "../../ui/commands";
import { Initials } from "../../ui/Initials";
import { AccountPanel } from "./AccountPanel";
import css from "./BottomBar.module.css";
import { places } from "./places";

export function MoreSheet({ opened, close }: { opened: boolean; close: () => void }) {
  const { t, i18n } = useLingui();
  const { user } = useViewer();
  const administers = useMay("administer");
  const openPalette = usePalette((state) => state.open);
  const rest = places.filter((place) => !place.daily && (place.right !== "administer" || administers));
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="bottom"
      size="auto"
      withCloseButton={false}
      attributes={{ content: { "aria-label": t`More` } }}
      classNames={{ content: css.sheet ?? "" }}
    >
      <div className={css.who}>
        <Initials name={user?.name ?? ""} />
        <span>
          <b>{user?.name}</b>
          <small>{user?.email}</small>
        </span>
      </div>
      <UnstyledButton
        className={css.item}
        onClick={() => {
          close();
          openPalette();
        }}
      >
        <IconSearch size={20} stroke={1.75} aria-hidden />
        <Trans>Search and commands</Trans>
      </UnstyledButton>
      {rest.map((place) => (
        <Link key={place.path} to={place.path} className={css.item} onClick={close}>
          <place.icon size={20} stroke={1.75} aria-hidden />
          {i18n._(place.title)}
        </Link>
      ))}
      <AccountPanel close={close} />
    </Drawer>
  );
}
