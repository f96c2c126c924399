// Deleting is for good, so it is asked about, with what goes and what stays.
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "urql";
import { DeleteScenarioDocument } from "../../api/generated/graphql";
import { Confirm } from "../../ui/Confirm";
import { sayDone, sayFailed } from "../../ui/toast";

interface DeleteScenarioProps {
  id: string;
  title: string;
  opened: boolean;
  close: () => void;
  onGone: () => void;
}

const changes = { additionalTypenames: ["Scenario", "ScenarioConnection", "Run", "RunConnection"] };

export function DeleteScenario({ id, title, opened, close, onGone }: DeleteScenarioProps) {
  const { t } = useLingui();
  const [, deleteScenario] = useMutation(DeleteScenarioDocument);
  const confirm = async () => {
    const { data, error } = await deleteScenario({ id }, changes);
    if (data?.deleteScenario.done) {
      sayDone(t`“${title}” is deleted`);
      onGone();
      return;
    }
    const words = data?.deleteScenario.problems[0]?.message ?? error?.graphQLErrors[0]?.message;
    sayFailed(words ?? t`The server does not answer. Nothing was deleted.`);
  };
  return (
    <Confirm
      opened={opened}
      title={t`Delete “${title}”?`}
      verb={t`Delete`}
      onClose={close}
      onConfirm={confirm}
    >
      <Trans>
        The scenario stops at once and its addresses no longer answer. It cannot be brought back; to keep a
        copy, first save it as text.
      </Trans>
    </Confirm>
  );
}
