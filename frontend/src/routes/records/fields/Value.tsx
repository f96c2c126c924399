// A value as it stands in a cell, on a card or on the board: chips for choices, links for what can be opened.
import { Link } from "react-router";
import { isEmpty, named, settingsOf, type Field } from "../model";
import css from "./fields.module.css";
import { tell, type Telling } from "./format";

interface Props {
  field: Field;
  value: unknown;
  telling: Telling;
  /** Whether links can be followed here; in a row that is a link itself they are words. */
  links?: boolean;
}

const chipped = new Set(["choice", "choices", "calculated", "stage", "reason"]);

export function Value({ field, value, telling, links = false }: Props) {
  if (isEmpty(value)) return null;
  if (chipped.has(field.shownAs)) {
    const options = settingsOf(field).options ?? [];
    const ids = Array.isArray(value) ? value : [value];
    return (
      <span className={css.chips}>
        {ids.map((id) => {
          const option = options.find((one) => one.id === id);
          return (
            <Chip key={String(id)} color={option?.color ?? ""}>
              {option ? named(option.names, telling.locale) : String(id)}
            </Chip>
          );
        })}
      </span>
    );
  }
  const words = tell(field, value, telling);
  if (links && field.shownAs === "relation") {
    const ids = (Array.isArray(value) ? value : [value]) as string[];
    const target = settingsOf(field).target ?? "";
    return (
      <span className={css.chips}>
        {ids.map((id) => (
          <Link key={id} className={css.link} to={`/records/${target}/${id}`}>
            {telling.titles.get(id) ?? "…"}
          </Link>
        ))}
      </span>
    );
  }
  const address = links ? addressOf(field.shownAs, value) : null;
  if (address !== null)
    return (
      <a
        className={css.link}
        href={address}
        {...(field.shownAs === "link" && { target: "_blank", rel: "noreferrer" })}
      >
        {words}
      </a>
    );
  return <span className={field.shownAs === "longtext" ? css.long : undefined}>{words}</span>;
}

/** The server keeps only schemes that open a page, a letter or a call; here nothing else is followed either. */
function addressOf(kind: string, value: unknown): string | null {
  if (typeof value !== "string") return null;
  if (kind === "phone") return `tel:${value}`;
  if (kind === "email") return `mailto:${value}`;
  if (kind === "link" && /^(https?|mailto|tel):/i.test(value)) return value;
  return null;
}

/** `color` is a name of the small palette; without one it is grey. */
export function Chip({ color, children }: { color: string; children: React.ReactNode }) {
  return (
    <span className={css.chip} data-color={color || undefined}>
      {children}
    </span>
  );
}
