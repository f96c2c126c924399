// Keys for programs that work with Potok: make one, see when it was used, revoke it.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useMutation } from "urql";
import {
  ApiKeyListDocument,
  type ApiKeyPartsFragment,
  RevokeApiKeyDocument,
} from "../../api/generated/manage";
import { useMay } from "../../api/session";
import { useKept } from "../../api/useKept";
import { Ago } from "../../ui/Ago";
import { Confirm } from "../../ui/Confirm";
import { Page } from "../../ui/Page";
import { Empty, Failed, Panel, Waiting } from "../../ui/Parts";
import rows from "../../ui/Rows.module.css";
import { sayDone, sayFailed } from "../../ui/toast";
import { OwnersOnly } from "../OwnersOnly";
import { CreateKey } from "./CreateKey";
import css from "./KeysPage.module.css";
import { useScopeWords } from "./scopes";

export function KeysPage() {
  const { t } = useLingui();
  const administers = useMay("administer");
  const [making, setMaking] = useState(false);
  if (!administers) return <OwnersOnly title={t`API keys`} />;
  return (
    <Page
      title={t`API keys`}
      about={t`With a key, another program works with Potok without a person signing in.`}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          <Trans>Make a key</Trans>
        </Button>
      }
    >
      <Keys />
      <CreateKey opened={making} close={() => setMaking(false)} />
    </Page>
  );
}

function Keys() {
  const { t } = useLingui();
  const { data, error, again } = useKept(ApiKeyListDocument);
  if (!data) return error ? <Failed error={error} again={again} /> : <Waiting what={t`Loading keys…`} />;
  // Working keys first; revoked ones stay as a record.
  const keys = [...data.apiKeys].sort(
    (one, other) => Number(one.revokedAt !== null) - Number(other.revokedAt !== null),
  );
  return (
    <Panel>
      {keys.length === 0 ? (
        <Empty icon={<IconKey />} title={t`No keys yet`}>
          <Trans>Make one for a script, a site or another service. People who sign in do not need one.</Trans>
        </Empty>
      ) : (
        <ul className={rows.rows} aria-label={t`API keys`}>
          {keys.map((key) => (
            <KeyRow key={key.id} apiKey={key} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKeyPartsFragment }) {
  const scopes = useScopeWords();
  const revoked = apiKey.revokedAt !== null;
  return (
    <li className={`${rows.row} ${css.row}`} data-revoked={revoked || undefined}>
      <div className={css.what}>
        <span className={css.name}>{apiKey.name}</span>
        <span className={rows.soft}>
          <code>{apiKey.hint}</code> · {scopes[apiKey.scope]}
        </span>
      </div>
      <span className={rows.soft}>
        {apiKey.revokedAt !== null ? (
          <Trans>
            revoked <Ago at={apiKey.revokedAt} />
          </Trans>
        ) : apiKey.lastUsedAt !== null ? (
          <Trans>
            used <Ago at={apiKey.lastUsedAt} />
          </Trans>
        ) : (
          <Trans>not used yet</Trans>
        )}
      </span>
      {!revoked && <Revoke apiKey={apiKey} />}
    </li>
  );
}

const changes = { additionalTypenames: ["ApiKey"] };

function Revoke({ apiKey: { id, name } }: { apiKey: ApiKeyPartsFragment }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const [, revoke] = useMutation(RevokeApiKeyDocument);
  const confirm = async () => {
    const { data, error } = await revoke({ id }, changes);
    if (data?.revokeApiKey.done) {
      sayDone(t`The key “${name}” no longer works`);
      return;
    }
    const words = data?.revokeApiKey.problems[0]?.message ?? error?.graphQLErrors[0]?.message;
    sayFailed(words ?? t`The server does not answer. The key still works.`);
  };
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        aria-label={t`Revoke “${name}”`}
        onClick={() => setAsking(true)}
      >
        <Trans>Revoke</Trans>
      </Button>
      <Confirm
        opened={asking}
        title={t`Revoke “${name}”?`}
        verb={t`Revoke`}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      >
        <Trans>Programs that use this key lose access at once. It cannot be brought back.</Trans>
      </Confirm>
    </>
  );
}
