// A greeting by the hour.
import { useLingui } from "@lingui/react/macro";

export function useGreeting(fullName: string, hour = new Date().getHours()): string {
  const { t } = useLingui();
  const name = fullName.split(/\s+/)[0] ?? "";
  if (name === "") return t`Home`;
  if (hour >= 5 && hour < 12) return t`Good morning, ${name}`;
  if (hour >= 12 && hour < 18) return t`Good afternoon, ${name}`;
  if (hour >= 18 && hour < 23) return t`Good evening, ${name}`;
  return t`Hello, ${name}`;
}
