// The three limits as they are typed: an empty field is no limit, anything but a whole number is not sent.
export const fields = ["days", "maxRuns", "maxMegabytes"] as const;
export type Field = (typeof fields)[number];
export type Typed = Record<Field, string>;
export type Limits = Record<Field, number | null>;

/** The largest whole number the server takes. */
const MOST = 2_147_483_647;

export function typedOf(limits: Limits): Typed {
  const shown = (value: number | null) => (value === null ? "" : String(value));
  return {
    days: shown(limits.days),
    maxRuns: shown(limits.maxRuns),
    maxMegabytes: shown(limits.maxMegabytes),
  };
}

/** Undefined: no whole number. */
export function read(text: string): number | null | undefined {
  const plain = text.replace(/[\s\u00a0\u202f]/g, "");
  if (plain === "") return null;
  const value = Number(plain);
  return /^\d+$/.test(plain) && value >= 1 && value <= MOST ? value : undefined;
}

/** Undefined while some field holds no whole number. */
export function limitsOf(typed: Typed): Limits | undefined {
  const [days, maxRuns, maxMegabytes] = [read(typed.days), read(typed.maxRuns), read(typed.maxMegabytes)];
  if (days === undefined || maxRuns === undefined || maxMegabytes === undefined) return undefined;
  return { days, maxRuns, maxMegabytes };
}
