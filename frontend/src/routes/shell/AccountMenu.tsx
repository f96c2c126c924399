// Who I am, my language and colours, the way out.
import { Menu, UnstyledButton } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconKeyboard, IconLogout, IconSelector } from "@tabler/icons-react";
import { useViewer } from "../../api/session";
import { LanguageSwitch, SchemeSwitch } from "../../ui/Switches";
import css from "./AccountMenu.module.css";
import { useHelp } from "./useShellKeys";
import { useAccountActions } from "./useAccountActions";
import { useRoleWords } from "../people/roles";

export function AccountMenu({ narrow }: { narrow: boolean }) {
  const { t } = useLingui();
  const { user, role } = useViewer();
  const roleWords = useRoleWords();
  const name = user?.name ?? "";
  return (
    <Menu position="top-start" width={264} trapFocus>
      <Menu.Target>
        <UnstyledButton
          className={css.account}
          aria-label={t`Account: ${name}`}
          data-narrow={narrow || undefined}
        >
          <Initials name={name} />
          {!narrow && (
            <>
              <span className={css.who}>
                <span className={css.name}>{name}</span>
                <span className={css.role}>{roleWords[role]}</span>
              </span>
              <IconSelector size={16} aria-hidden className={css.chevron} />
            </>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <AccountItems />
      </Menu.Dropdown>
    </Menu>
  );
}

function AccountItems() {
  const { user } = useViewer();
  const { signOut, chooseLocale } = useAccountActions();
  const openHelp = useHelp((state) => state.open);
  return (
    <>
      <div className={css.mail}>{user?.email}</div>
      <Menu.Divider />
      <div className={css.row}>
        <LanguageSwitch onChoose={chooseLocale} />
      </div>
      <div className={css.row}>
        <SchemeSwitch />
      </div>
      <Menu.Divider />
      <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={openHelp} rightSection="?">
        <Trans>Keyboard shortcuts</Trans>
      </Menu.Item>
      <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
        <Trans>Sign out</Trans>
      </Menu.Item>
    </>
  );
}

/** Two letters instead of a picture. */
export function Initials({ name }: { name: string }) {
  const letters = name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase());
  return (
    <span className={css.initials} aria-hidden>
      {letters.join("") || "·"}
    </span>
  );
}
