// A new record: what must be filled first, the rest a click away. Refused values stay as they were typed.
import { Button, Group, Modal, Stack } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SyntheticEvent, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { useMutation } from "urql";
import { CreateRecordDocument } from "../../api/generated/records";
import { ProblemList, useProblems } from "../../ui/problems";
import { sayDone } from "../../ui/toast";
import { ValueInput } from "./fields/ValueInput";
import { type Field, isEmpty, type Row, type TypeShape, type Values } from "./model";

interface Props {
  type: TypeShape;
  /** Filled from the start: the record it is made for. */
  given?: Values;
  titles?: ReadonlyMap<string, string>;
  close: () => void;
  made: (row: Row) => void;
}

export function NewRecord(props: Props) {
  const { t } = useLingui();
  const name = props.type.name;
  return (
    <Modal
      opened
      size="lg"
      onClose={props.close}
      title={t`New: ${name}`}
      closeButtonProps={{ "aria-label": t`Close` }}
      closeOnClickOutside={false}
    >
      <RecordForm {...props} />
    </Modal>
  );
}

const shownFirst = 8;

function RecordForm({ type, given = {}, titles, close, made }: Props) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const fields = useMemo(() => inOrder(type), [type]);
  const [values, setValues] = useState<Values>(() => ({ ...defaultsOf(fields), ...given }));
  const [all, setAll] = useState(fields.length <= shownFirst + 2);
  const problems = useProblems(fields.map((one) => one.key));
  const [{ fetching }, create] = useMutation(CreateRecordDocument);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));
    const answer = await create({ type: type.key, values: filled });
    const took = problems.took(answer, (data) => data.createRecord.problems);
    const record = answer.data?.createRecord.record;
    if (!took || !record) {
      setAll(true);
      return;
    }
    const to = `/records/${type.key}/${record.id}`;
    sayDone(t`“${{ title: record.title || type.name }}” is added`, {
      label: t`Open`,
      run: () => void navigate(to),
    });
    made(record);
    close();
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        <ProblemList problems={problems.rest} />
        {(all ? fields : fields.slice(0, shownFirst)).map((field, at) => (
          <ValueInput
            key={field.key}
            field={field}
            label={field.name}
            value={values[field.key]}
            titles={titles ?? none}
            focused={at === 0}
            onChange={(value) => setValues((was) => ({ ...was, [field.key]: value }))}
            error={problems.at(field.key)}
          />
        ))}
        <Group justify="space-between" gap="sm">
          {all ? (
            <span />
          ) : (
            <Button variant="subtle" onClick={() => setAll(true)}>
              <Trans>All fields</Trans>
            </Button>
          )}
          <Group gap="sm">
            <Button variant="default" onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={fetching}>
              <Trans>Add</Trans>
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

const none: ReadonlyMap<string, string> = new Map();

/** What names the record, then what must be filled, then the rest as designed. */
function inOrder(type: TypeShape): Field[] {
  const weight = (one: Field) => (one.key === type.titleField ? 0 : one.required ? 1 : 2);
  return type.fields.filter((one) => !one.computed).sort((one, other) => weight(one) - weight(other));
}

function defaultsOf(fields: readonly Field[]): Values {
  return Object.fromEntries(
    fields.filter((one) => one.default !== null).map((one) => [one.key, one.default]),
  );
}
