// The first start: the one-time link creates the workspace and its owner.
import { Button, Stack, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useState } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { useMutation } from "urql";
import { SetupDocument } from "../../api/generated/graphql";
import { useSession } from "../../api/session";
import { currentLocale } from "../../ui/i18n";
import { PasswordField } from "../../ui/PasswordField";
import { ProblemList, useProblems } from "../../ui/problems";
import { EntryLayout } from "./EntryLayout";

const fields = ["name", "email", "password", "workspaceName"] as const;

export function SetupPage() {
  const { t } = useLingui();
  const { state } = useSession();
  const [search] = useSearchParams();
  const token = search.get("token") ?? "";

  if (state.phase === "known" && state.viewer) return <Navigate to="/" replace />;
  if (state.phase === "known" && !state.install.needsSetup) {
    return (
      <EntryLayout
        title={t`Potok is already set up`}
        about={t`This link has done its work. Sign in with your e-mail and password.`}
      >
        <Button component={Link} to="/sign-in" fullWidth>
          <Trans>Go to sign-in</Trans>
        </Button>
      </EntryLayout>
    );
  }
  if (token === "") {
    return (
      <EntryLayout
        title={t`A setup link is needed`}
        about={t`Potok printed it when it started: look in the terminal or the log for the line with “/setup?token=” and open the whole of it.`}
      />
    );
  }
  return (
    <EntryLayout
      title={t`Welcome to Potok`}
      about={t`You become the owner of this workspace; colleagues can be added later.`}
    >
      <SetupForm token={token} />
    </EntryLayout>
  );
}

function SetupForm({ token }: { token: string }) {
  const { t } = useLingui();
  const { renew } = useSession();
  const problems = useProblems(fields);
  const [{ fetching }, setUp] = useMutation(SetupDocument);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [workspaceName, setWorkspaceName] = useState("");

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const answer = await setUp({
      input: {
        token,
        name,
        email,
        password,
        workspaceName,
        locale: currentLocale(),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
    });
    if (problems.took(answer, (data) => data.setup.problems)) renew();
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <ProblemList problems={problems.rest} />
        <TextInput
          label={t`Your name`}
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problems.at("name")}
        />
        <TextInput
          label={t`E-mail`}
          description={t`You will sign in with it`}
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={problems.at("email")}
        />
        <PasswordField
          label={t`Password`}
          description={t`At least 10 characters; a few words are easier to remember`}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={problems.at("password")}
        />
        <TextInput
          label={t`Name of the workspace`}
          description={t`Your company or team; may be left empty`}
          autoComplete="organization"
          value={workspaceName}
          onChange={(event) => setWorkspaceName(event.currentTarget.value)}
          error={problems.at("workspaceName")}
        />
        <Button type="submit" loading={fetching} fullWidth mt="xs">
          <Trans>Begin</Trans>
        </Button>
      </Stack>
    </form>
  );
}
