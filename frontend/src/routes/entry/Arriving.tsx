// Before the first answer of the server: the sign, and words after a second.
import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { Logo } from "../../ui/Logo";
import css from "./Arriving.module.css";

export function Arriving({ words }: { words?: string }) {
  const { t } = useLingui();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 1_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className={css.page} aria-busy>
      <Logo size={44} />
      <p className={css.words} role="status">
        {late ? (words ?? t`Opening Potok…`) : " "}
      </p>
    </main>
  );
}
