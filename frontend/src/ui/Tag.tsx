// A short word in a soft pill; the tone repeats what the word says, never replaces it.
import css from "./Tag.module.css";

export type Tone = "plain" | "accent" | "good" | "warn" | "bad";

interface TagProps {
  tone: Tone;
  title?: string;
  children: string;
}

export function Tag({ tone, title, children }: TagProps) {
  return (
    <span className={css.tag} data-tone={tone} title={title}>
      {children}
    </span>
  );
}
