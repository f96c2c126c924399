// Who works here and what each may do.
import { Button, Select } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useMutation } from "urql";
import {
  MemberListDocument,
  type MemberPartsFragment,
  RemoveMemberDocument,
  SetMemberRoleDocument,
} from "../../api/generated/manage";
import { useMay, useViewer } from "../../api/session";
import { useKept } from "../../api/useKept";
import type { Role } from "../../api/types";
import { Confirm } from "../../ui/Confirm";
import { Initials } from "../../ui/Initials";
import { Page } from "../../ui/Page";
import { Failed, Panel, Waiting } from "../../ui/Parts";
import { wordsOf } from "../../ui/problems";
import rows from "../../ui/Rows.module.css";
import { sayDone, sayFailed } from "../../ui/toast";
import { OwnersOnly } from "../OwnersOnly";
import { AddMember } from "./AddMember";
import css from "./PeoplePage.module.css";
import { roles, useRoleMeaning, useRoleWords } from "./roles";

export function PeoplePage() {
  const { t } = useLingui();
  const administers = useMay("administer");
  const [adding, setAdding] = useState(false);
  if (!administers) return <OwnersOnly title={t`People`} />;
  return (
    <Page
      title={t`People`}
      about={t`Everybody here sees scenarios, runs and messages. Roles say who may change them.`}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          <Trans>Add a person</Trans>
        </Button>
      }
    >
      <Members />
      <AddMember opened={adding} close={() => setAdding(false)} />
    </Page>
  );
}

function Members() {
  const { t } = useLingui();
  const meaning = useRoleMeaning();
  const words = useRoleWords();
  const { data, error, again } = useKept(MemberListDocument);
  if (!data) return error ? <Failed error={error} again={again} /> : <Waiting what={t`Loading people…`} />;
  return (
    <>
      <Panel>
        <ul className={rows.rows} aria-label={t`People`}>
          {data.members.map((member) => (
            <MemberRow key={member.user.id} member={member} />
          ))}
        </ul>
      </Panel>
      <dl className={css.meanings}>
        {roles.map((role) => (
          <div key={role}>
            <dt>{words[role]}</dt>
            <dd>{meaning[role]}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function MemberRow({ member }: { member: MemberPartsFragment }) {
  const { t } = useLingui();
  const me = useViewer().user?.id;
  const { id, name, email } = member.user;
  return (
    <li className={`${rows.row} ${css.row}`}>
      <Initials name={name} />
      <div className={css.who}>
        <span className={rows.oneLine}>
          <b>{name}</b> {id === me && <span className={rows.soft}>{t`(you)`}</span>}
        </span>
        <span className={`${rows.soft} ${rows.oneLine}`}>{email}</span>
      </div>
      <RoleSelect member={member} />
      <RemoveMember member={member} />
    </li>
  );
}

function RoleSelect({ member }: { member: MemberPartsFragment }) {
  const { t } = useLingui();
  const words = useRoleWords();
  const [, setRole] = useMutation(SetMemberRoleDocument);
  const [wanted, setWanted] = useState<Role | null>(null);
  const [problem, setProblem] = useState<string>();
  const { id, name } = member.user;

  const change = async (role: Role) => {
    setWanted(role);
    const { data, error } = await setRole({ userId: id, role });
    const found = data?.setMemberRole.problems[0];
    setWanted(null);
    setProblem(
      found
        ? wordsOf(found)
        : error &&
            (error.graphQLErrors[0]?.message ?? t`The server does not answer. The role stays as it was.`),
    );
    const word = words[role];
    if (!found && !error) sayDone(t`${name} is now: ${word}`);
  };

  return (
    <Select
      className={css.role ?? ""}
      aria-label={t`Role of ${name}`}
      allowDeselect={false}
      value={wanted ?? member.role}
      onChange={(value) => value !== null && void change(value)}
      data={roles.map((value) => ({ value, label: words[value] }))}
      error={problem}
    />
  );
}

const changes = { additionalTypenames: ["Member"] };

function RemoveMember({ member }: { member: MemberPartsFragment }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const [, remove] = useMutation(RemoveMemberDocument);
  const { id, name } = member.user;
  const confirm = async () => {
    const { data, error } = await remove({ userId: id }, changes);
    if (data?.removeMember.done) {
      sayDone(t`${name} no longer has access`);
      return;
    }
    const words = data?.removeMember.problems[0]?.message ?? error?.graphQLErrors[0]?.message;
    sayFailed(words ?? t`The server does not answer. Nobody was removed.`);
  };
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        className={css.remove ?? ""}
        aria-label={t`Remove ${name}`}
        onClick={() => setAsking(true)}
      >
        <Trans>Remove</Trans>
      </Button>
      <Confirm
        opened={asking}
        title={t`Remove ${name}?`}
        verb={t`Remove`}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      >
        <Trans>The person is signed out at once. What they built stays and keeps their name.</Trans>
      </Confirm>
    </>
  );
}
