// The corner where toasts stand: read out by screen readers, gone by themselves unless they tell of a failure.
import { Button, CloseButton } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useEffect } from "react";
import { type Toast, useToasts } from "./toast";
import css from "./Toasts.module.css";

const goneAfter = 6_000;

export function Toasts() {
  const { t } = useLingui();
  const list = useToasts((state) => state.list);
  return (
    <div className={css.corner} role="region" aria-label={t`Messages`} aria-live="polite">
      {list.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function OneToast({ toast }: { toast: Toast }) {
  const { t } = useLingui();
  const close = useToasts((state) => state.close);
  const { id, kind, text, action } = toast;

  useEffect(() => {
    if (kind === "failed") return;
    const timer = setTimeout(() => close(id), goneAfter);
    return () => clearTimeout(timer);
  }, [id, kind, close]);

  return (
    <div className={css.toast} data-kind={kind} role={kind === "failed" ? "alert" : "status"}>
      {kind === "failed" ? <IconAlertTriangle size={18} aria-hidden /> : <IconCheck size={18} aria-hidden />}
      <span className={css.text}>{text}</span>
      {action && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            close(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <CloseButton size="sm" aria-label={t`Close the message`} onClick={() => close(id)} />
    </div>
  );
}
