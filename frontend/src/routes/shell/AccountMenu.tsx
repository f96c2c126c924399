// Who I am; pressed, it opens a small panel with language, colours and the way out.
import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useClickOutside } from "@mantine/hooks";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconSelector } from "@tabler/icons-react";
import { lazy, Suspense, useId, useRef, useState } from "react";
import { useViewer } from "../../api/session";
import { Initials } from "../../ui/Initials";
import { useRoleWords } from "../people/roles";
import css from "./AccountMenu.module.css";

const AccountPanel = lazy(async () => ({ default: (await import("./AccountPanel")).AccountPanel }));

export function AccountMenu({ narrow }: { narrow: boolean }) {
  const { t } = useLingui();
  const { user, role } = useViewer();
  const roleWords = useRoleWords();
  const panelId = useId();
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const around = useClickOutside<HTMLDivElement>(() => setOpened(false));
  const name = user?.name ?? "";

  const close = () => {
    setOpened(false);
    button.current?.focus();
  };

  return (
    // Escape closes the panel from anywhere inside; the button itself is the control.
    // eslint-disable-next-line jsx-a11y-x/no-static-element-interactions
    <div
      className={css.around}
      ref={around}
      onKeyDown={(event) => {
        if (opened && event.key === "Escape") close();
      }}
    >
      <UnstyledButton
        ref={button}
        className={css.account}
        aria-label={narrow ? t`Account: ${name}` : undefined}
        aria-expanded={opened}
        aria-controls={panelId}
        onClick={() => setOpened(!opened)}
      >
        <Initials name={name} />
        {!narrow && (
          <>
            <VisuallyHidden>
              <Trans>Account:</Trans>{" "}
            </VisuallyHidden>
            <span className={css.who}>
              <span className={css.name}>{name}</span>
              <span className={css.role}>{roleWords[role]}</span>
            </span>
            <IconSelector size={16} aria-hidden className={css.chevron} />
          </>
        )}
      </UnstyledButton>
      {opened && (
        <div className={css.panel} id={panelId}>
          <div className={css.mail}>{user?.email}</div>
          <Suspense>
            <AccountPanel close={close} />
          </Suspense>
        </div>
      )}
    </div>
  );
}
