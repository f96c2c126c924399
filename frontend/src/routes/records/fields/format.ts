// Values in the words of a person: numbers exactly as they are kept, dates as the language writes them.
import { isEmpty, isMoney, named, type Field, type FieldSettings, settingsOf } from "../model";

export interface Telling {
  locale: string;
  yes: string;
  no: string;
  /** Names of colleagues by id. */
  people: ReadonlyMap<string, string>;
  /** Titles of other records by id. */
  titles: ReadonlyMap<string, string>;
}

/** A decimal given as text, grouped for reading; never through a binary number. */
export function exactNumber(
  text: string | number,
  locale: string,
  options: Intl.NumberFormatOptions = {},
): string {
  const exact = String(text);
  if (!/^-?\d+(\.\d+)?$/.test(exact)) return exact;
  const digits = exact.split(".")[1]?.length ?? 0;
  const least = options.minimumFractionDigits ?? 0;
  return new Intl.NumberFormat(locale, {
    ...options,
    minimumFractionDigits: least,
    maximumFractionDigits: Math.max(digits, least),
  }).format(exact as Intl.StringNumericLiteral);
}

export function exactMoney(amount: string | number, currency: string, locale: string): string {
  return exactNumber(amount, locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: 2,
  });
}

export function dayWords(iso: string, locale: string): string {
  const day = new Date(`${iso.slice(0, 10)}T00:00:00`);
  if (Number.isNaN(day.getTime())) return iso;
  return day.toLocaleDateString(locale, { day: "numeric", month: "short", year: "numeric" });
}

export function momentWords(iso: string, locale: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  return moment.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

/** +79161234567 as people read it. */
export function phoneWords(phone: string): string {
  const russian = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(phone);
  return russian ? `+7 ${russian[1]} ${russian[2]}-${russian[3]}-${russian[4]}` : phone;
}

export function optionName(settings: FieldSettings, id: unknown, locale: string): string {
  const found = settings.options?.find((one) => one.id === id);
  return found ? named(found.names, locale) : String(id);
}

const words = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);

/** The value in words; empty for none. */
export function tell(field: Pick<Field, "shownAs" | "settings">, value: unknown, telling: Telling): string {
  if (isEmpty(value)) return "";
  const { locale } = telling;
  const settings = settingsOf(field);
  if (Array.isArray(value)) return value.map((one) => tell(field, one, telling)).join(", ");
  switch (field.shownAs) {
    case "money":
      return isMoney(value) ? exactMoney(value.amount, value.currency, locale) : words(value);
    case "number":
    case "probability": {
      const number = exactNumber(words(value), locale);
      return settings.unit ? `${number} ${settings.unit}` : number;
    }
    case "date":
      return dayWords(words(value), locale);
    case "datetime":
      return momentWords(words(value), locale);
    case "boolean":
      return value === true ? telling.yes : telling.no;
    case "choice":
    case "choices":
    case "calculated":
    case "stage":
    case "reason":
      return optionName(settings, value, locale);
    case "relation":
      return telling.titles.get(words(value)) ?? "…";
    case "person":
      return telling.people.get(words(value)) ?? "…";
    case "phone":
      return phoneWords(words(value));
    default:
      return words(value);
  }
}

/** A sum, with the currency of its field when it has one. */
export function tellSum(field: Field, sum: string, locale: string): string {
  const { currency, unit } = settingsOf(field);
  if (field.shownAs === "money") return exactMoney(sum, currency ?? "RUB", locale);
  return unit ? `${exactNumber(sum, locale)} ${unit}` : exactNumber(sum, locale);
}
