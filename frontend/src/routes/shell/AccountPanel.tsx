// Language, colours, shortcuts, the way out: in the panel of a wide screen and in the sheet of a phone.
import { UnstyledButton } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import { IconKeyboard, IconLogout } from "@tabler/icons-react";
import { LanguageSwitch, SchemeSwitch } from "../../ui/Switches";
import css from "./AccountMenu.module.css";
import { useAccountActions } from "./useAccountActions";
import { useHelp } from "./useShellKeys";

export function AccountPanel({ close }: { close: () => void }) {
  const { signOut, chooseLocale } = useAccountActions();
  const openHelp = useHelp((state) => state.open);
  return (
    <>
      <div className={css.switches}>
        <LanguageSwitch onChoose={chooseLocale} />
        <SchemeSwitch />
      </div>
      <UnstyledButton
        className={css.item}
        onClick={() => {
          close();
          openHelp();
        }}
      >
        <IconKeyboard size={18} stroke={1.75} aria-hidden />
        <Trans>Keyboard shortcuts</Trans>
      </UnstyledButton>
      <UnstyledButton className={css.item} onClick={signOut}>
        <IconLogout size={18} stroke={1.75} aria-hidden />
        <Trans>Sign out</Trans>
      </UnstyledButton>
    </>
  );
}
