// The list of shortcuts that work right now.
import { Kbd, Modal } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { keyNames, useKeyGroups } from "../../ui/keys";
import css from "./KeysHelp.module.css";
import { useHelp } from "./useShellKeys";

export function KeysHelp() {
  const { opened, close } = useHelp();
  const { t, i18n } = useLingui();
  const groups = useKeyGroups((state) => state.groups).filter((group) => group.shortcuts.length > 0);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t`Keyboard shortcuts`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      {groups.map((group, at) => (
        <section key={at} className={css.group}>
          <h3 className={css.title}>{i18n._(group.title)}</h3>
          <dl className={css.list}>
            {group.shortcuts.map((one) => (
              <div key={one.codes.join()} className={css.row}>
                <dt>{i18n._(one.label)}</dt>
                <dd className={css.keys}>
                  {keyNames(one).map((name) => (
                    <Kbd key={name}>{name}</Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
