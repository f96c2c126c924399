// The picture of a type, one of a few.
import { useLingui } from "@lingui/react/macro";
import { typeIcons } from "../icons";
import css from "./designer.module.css";

export function IconChoice({ value, onChange }: { value: string; onChange: (icon: string) => void }) {
  const { t } = useLingui();
  return (
    <fieldset className={css.icons}>
      <legend>{t`Picture`}</legend>
      {Object.entries(typeIcons).map(([name, Icon]) => (
        <label key={name} className={css.iconChoice} data-chosen={name === value || undefined}>
          <input
            type="radio"
            name="icon"
            aria-label={name}
            checked={name === value}
            onChange={() => onChange(name)}
          />
          <Icon size={18} aria-hidden />
        </label>
      ))}
    </fieldset>
  );
}
