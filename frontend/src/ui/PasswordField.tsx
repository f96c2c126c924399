// A password: can be looked at, says what is wrong to screen readers too.
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";

export function PasswordField(props: PasswordInputProps) {
  const { t } = useLingui();
  return (
    <PasswordInput
      {...props}
      aria-invalid={Boolean(props.error)}
      visibilityToggleButtonProps={{ "aria-label": t`Show the password` }}
    />
  );
}
