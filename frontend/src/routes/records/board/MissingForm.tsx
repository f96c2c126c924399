// What a stage still wants before a record may enter: a small form, then the move is tried again.
import { Alert, Button, Group, Modal, Select, Stack } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useMemo, useState } from "react";
import { wordsOf } from "../../../ui/problems";
import { ValueInput } from "../fields/ValueInput";
import { type Row, type Stage, type TypeShape, type Values, valuesOf } from "../model";
import { type Asking, missingKeys, wantsReason } from "./useMove";

interface Props {
  type: TypeShape;
  asking: Asking;
  close: () => void;
  move: (row: Row, stage: Stage, also: Values) => Promise<boolean>;
}

export function MissingForm(props: Props) {
  const { t } = useLingui();
  const { stage, row } = props.asking;
  return (
    <Modal
      opened
      onClose={props.close}
      title={t`“${{ title: row.title }}” to “${{ stage: stage.name }}”`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <Missing {...props} />
    </Modal>
  );
}

function Missing({ type, asking, close, move }: Props) {
  const { t } = useLingui();
  const { row, stage, problems } = asking;
  const keys = missingKeys(type, asking);
  const reasons = wantsReason(asking);
  const [values, setValues] = useState<Values>({});
  const [busy, setBusy] = useState(false);
  const titles = useMemo(() => new Map(row.refs.map((one) => [one.id, one.title])), [row]);
  const set = (key: string, value: unknown) => setValues((was) => ({ ...was, [key]: value }));
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    await move(row, stage, values);
    setBusy(false);
  };
  const can = keys.length > 0 || reasons;
  const shown = problems.filter(
    (one) =>
      !one.path.some((key) => keys.includes(key)) && !(reasons && one.code === "record.stage_needs_reason"),
  );
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        {(shown.length > 0 || problems.length === 0) && (
          <Alert color="red" role="alert">
            {shown.map(wordsOf).join(" ") || asking.words}
          </Alert>
        )}
        {can && (
          <p style={{ margin: 0 }}>
            <Trans>Fill this, and the record moves on.</Trans>
          </p>
        )}
        {type.fields
          .filter((one) => keys.includes(one.key))
          .map((field, at) => {
            const problem = problems.find((one) => one.path.includes(field.key));
            return (
              <ValueInput
                key={field.key}
                field={field}
                label={field.name}
                value={field.key in values ? values[field.key] : valuesOf(row)[field.key]}
                onChange={(value) => set(field.key, value)}
                titles={titles}
                focused={at === 0}
                error={problem && wordsOf(problem)}
              />
            );
          })}
        {reasons && (
          <Select
            label={t`Why it ends here`}
            withAsterisk
            allowDeselect={false}
            data={stage.reasons.map((one) => ({ value: one.id, label: one.name }))}
            value={(values.close_reason as string | undefined) ?? null}
            onChange={(id) => set("close_reason", id)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close}>
            <Trans>Leave it where it was</Trans>
          </Button>
          <Button type="submit" loading={busy}>
            {can ? <Trans>Move</Trans> : <Trans>Try again</Trans>}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
