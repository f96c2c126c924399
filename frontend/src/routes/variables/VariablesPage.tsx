// Named values that scenarios keep between runs: see what they hold, set one by hand, delete one.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlus, IconVariable } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { useMutation } from "urql";
import {
  DeleteVariableDocument,
  VariableListDocument,
  type VariableListQuery,
  type VariablePartsFragment,
} from "../../api/generated/variables";
import { useMay } from "../../api/session";
import { useKeyset } from "../../api/useKeyset";
import { Ago } from "../../ui/Ago";
import { Confirm } from "../../ui/Confirm";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty, Failed, Panel, Waiting } from "../../ui/Parts";
import rows from "../../ui/Rows.module.css";
import { sayDone, sayFailed } from "../../ui/toast";
import { OwnersOnly } from "../OwnersOnly";
import { SetVariable } from "./SetVariable";
import css from "./Variables.module.css";
import { shown, useKindWords } from "./values";

const page = { first: 50 };
const pick = (data: VariableListQuery) => data.variables;

export function VariablesPage() {
  const { t } = useLingui();
  const administers = useMay("administer");
  if (!administers) return <OwnersOnly title={t`Variables`} />;
  return <Variables />;
}

function Variables() {
  const { t } = useLingui();
  const list = useKeyset(VariableListDocument, page, pick);
  const [editing, setEditing] = useState<VariablePartsFragment | "new" | null>(null);
  return (
    <Page
      title={t`Variables`}
      about={t`What scenarios keep from one run to the next: counters, rates, the last number given out.`}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing("new")}>
          <Trans>Set a variable</Trans>
        </Button>
      }
    >
      {list.error && <Failed error={list.error} again={list.refresh} />}
      {!list.items && !list.error && <Waiting what={t`Loading variables…`} />}
      {list.items?.length === 0 && (
        <Panel>
          <Empty icon={<IconVariable />} title={t`No variables yet`}>
            <Trans>
              The blocks “Set a variable” and “Add to a variable” make them, or you set one here for scenarios
              to read.
            </Trans>
          </Empty>
        </Panel>
      )}
      {list.items && list.items.length > 0 && (
        <Panel>
          <ul className={rows.rows} aria-label={t`Variables`}>
            {list.items.map((one) => (
              <VariableRow key={one.id} variable={one} edit={() => setEditing(one)} changed={list.refresh} />
            ))}
          </ul>
        </Panel>
      )}
      <More hasMore={list.hasMore} loading={list.loadingMore} onMore={list.loadMore} />
      {editing !== null && (
        <SetVariable
          variable={editing === "new" ? null : editing}
          close={() => setEditing(null)}
          done={list.refresh}
        />
      )}
    </Page>
  );
}

interface RowProps {
  variable: VariablePartsFragment;
  edit: () => void;
  changed: () => void;
}

function VariableRow({ variable, edit, changed }: RowProps) {
  const { t } = useLingui();
  const kinds = useKindWords();
  const { name } = variable;
  return (
    <li className={`${rows.row} ${css.row}`}>
      <div className={css.what}>
        <span className={css.name}>{name}</span>
        <span className={rows.soft}>
          {kinds[variable.kind]} · {variable.scenarioId === null ? t`all scenarios` : variable.scenarioTitle}
        </span>
      </div>
      <code className={css.value}>{shown(variable)}</code>
      <span className={rows.soft}>
        {variable.updatedByRun === null ? (
          variable.updatedBy
        ) : (
          <Link className={css.run} to={`/runs/${variable.updatedByRun}`}>
            <Trans>by a run</Trans>
          </Link>
        )}{" "}
        <Ago at={variable.updatedAt} />
      </span>
      <span className={css.buttons}>
        <Button variant="subtle" size="compact-sm" aria-label={t`Change “${name}”`} onClick={edit}>
          <Trans>Change</Trans>
        </Button>
        <Delete variable={variable} changed={changed} />
      </span>
    </li>
  );
}

function Delete({ variable: { name, scenarioId }, changed }: Omit<RowProps, "edit">) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const [, remove] = useMutation(DeleteVariableDocument);
  const confirm = async () => {
    const { data, error } = await remove({ name, scenarioId });
    changed();
    if (data?.deleteVariable.done) {
      sayDone(t`The variable “${name}” is deleted`);
      return;
    }
    const words = data?.deleteVariable.problems[0]?.message ?? error?.graphQLErrors[0]?.message;
    sayFailed(words ?? t`The server does not answer. The variable is still there.`);
  };
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        aria-label={t`Delete “${name}”`}
        onClick={() => setAsking(true)}
      >
        <Trans>Delete</Trans>
      </Button>
      <Confirm
        opened={asking}
        title={t`Delete the variable “${name}”?`}
        verb={t`Delete`}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      >
        <Trans>Scenarios that read it find none, and counting begins at zero.</Trans>
      </Confirm>
    </>
  );
}
