// How long a run took, short.
import { useLingui } from "@lingui/react/macro";

export function useDuration(): (from: string | null, to: string | null) => string {
  const { i18n, t } = useLingui();
  return (from, to) => {
    if (from === null || to === null) return "";
    const ms = Math.max(0, Date.parse(to) - Date.parse(from));
    const show = (value: number, digits = 0) =>
      value.toLocaleString(i18n.locale, { maximumFractionDigits: digits });
    const [millis, seconds] = [show(ms), show(ms / 1_000, 1)];
    if (ms < 1) return t`< 1 ms`;
    if (ms < 1_000) return t`${millis} ms`;
    if (ms < 60_000) return t`${seconds} s`;
    const minutes = show(Math.floor(ms / 60_000));
    if (ms < 3_600_000) return t`${minutes} min`;
    const hours = show(Math.floor(ms / 3_600_000));
    if (ms < 86_400_000) return t`${hours} h`;
    const days = show(Math.floor(ms / 86_400_000));
    return t`${days} d`;
  };
}
