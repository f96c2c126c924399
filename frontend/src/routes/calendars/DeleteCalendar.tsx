// Deleting a calendar, after asking; the server refuses while a published scenario uses it.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useMutation } from "urql";
import { type CalendarPartsFragment, DeleteCalendarDocument } from "../../api/generated/calendars";
import { Confirm } from "../../ui/Confirm";
import { wordsOf } from "../../ui/problems";
import { sayDone, sayFailed } from "../../ui/toast";

const changes = { additionalTypenames: ["WorkCalendar"] };

interface DeleteCalendarProps {
  calendar: CalendarPartsFragment;
  onDeleted: () => void;
}

export function DeleteCalendar({ calendar: { id, name }, onDeleted }: DeleteCalendarProps) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const [, remove] = useMutation(DeleteCalendarDocument);
  const confirm = async () => {
    const { data, error } = await remove({ id }, changes);
    if (data?.deleteCalendar.done) {
      sayDone(t`“${name}” is deleted`);
      onDeleted();
      return;
    }
    const found = data?.deleteCalendar.problems[0];
    const words = found ? wordsOf(found) : error?.graphQLErrors[0]?.message;
    sayFailed(words ?? t`The server does not answer. Nothing was deleted.`);
  };
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
        <Trans>Delete</Trans>
      </Button>
      <Confirm
        opened={asking}
        title={t`Delete “${name}”?`}
        verb={t`Delete`}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      >
        <Trans>Waits that count by it keep the moments planned for them.</Trans>
      </Confirm>
    </>
  );
}
