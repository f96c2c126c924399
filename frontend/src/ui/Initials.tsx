// Two letters instead of a picture.
import css from "./Initials.module.css";

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
