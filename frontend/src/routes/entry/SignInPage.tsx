// E-mail and password; afterwards back to the place one was sent away from.
import { Button, Stack, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useState } from "react";
import { Navigate, useSearchParams } from "react-router";
import { useMutation } from "urql";
import { SignInDocument } from "../../api/generated/graphql";
import { useSession } from "../../api/session";
import { PasswordField } from "../../ui/PasswordField";
import { ProblemList, useProblems } from "../../ui/problems";
import { EntryLayout } from "./EntryLayout";

const fields = ["email", "password"] as const;

/** Only addresses inside the app: a link must not be able to send people elsewhere. */
export function placeAfter(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : "/";
}

export function SignInPage() {
  const { t } = useLingui();
  const { state, renew } = useSession();
  const [search] = useSearchParams();
  const problems = useProblems(fields);
  const [{ fetching }, signIn] = useMutation(SignInDocument);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  if (state.phase === "known" && state.viewer)
    return <Navigate to={placeAfter(search.get("next"))} replace />;

  const needsSetup = state.phase === "known" && state.install.needsSetup;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const answer = await signIn({ email, password });
    if (problems.took(answer, (data) => data.signIn.problems)) renew();
  };

  return (
    <EntryLayout
      title={t({ context: "heading", message: "Sign in" })}
      about={
        needsSetup ? (
          <Trans>Nobody has set Potok up yet. Open the setup link that Potok printed when it started.</Trans>
        ) : (
          <Trans>Routine work that does itself.</Trans>
        )
      }
    >
      {!needsSetup && (
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Stack gap="md">
            <ProblemList problems={problems.rest} />
            <TextInput
              label={t`E-mail`}
              type="email"
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              error={problems.at("email")}
            />
            <PasswordField
              label={t`Password`}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={problems.at("password")}
            />
            <Button type="submit" loading={fetching} fullWidth mt="xs">
              <Trans>Sign in</Trans>
            </Button>
          </Stack>
        </form>
      )}
    </EntryLayout>
  );
}
