// A pipeline: its stages in order, and how it comes to the sum of a record.
import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlus } from "@tabler/icons-react";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { ArchivePipelineDocument, SavePipelineDocument } from "../../../api/generated/records";
import { currentLocale } from "../../../ui/i18n";
import { ProblemList, useProblems } from "../../../ui/problems";
import type { Pipeline, TypeShape } from "../model";
import css from "./designer.module.css";
import { draftOf, type PipelineDraft, sentOf, type StageDraft, stageDraft } from "./pipelineDraft";
import { StageEditor } from "./StageEditor";

interface Props {
  type: TypeShape;
  pipeline: Pipeline | null;
  close: () => void;
  done: () => void;
}

export function PipelineDialog(props: Props) {
  const { t } = useLingui();
  const name = props.pipeline?.name;
  return (
    <Modal
      opened
      size="xl"
      onClose={props.close}
      closeOnClickOutside={false}
      title={name === undefined ? t`New pipeline` : t`Pipeline “${name}”`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <PipelineForm {...props} />
    </Modal>
  );
}

function PipelineForm({ type, pipeline, close, done }: Props) {
  const { t } = useLingui();
  const locale = currentLocale();
  const likely = [t`New`, t`In work`, t`Won`, t`Lost`];
  const [draft, setDraft] = useState<PipelineDraft>(() => draftOf(pipeline, locale, t`Main`, likely));
  const problems = useProblems([]);
  const [{ fetching }, save] = useMutation(SavePipelineDocument);
  const [{ fetching: leaving }, archive] = useMutation(ArchivePipelineDocument);
  const change = (part: Partial<PipelineDraft>) => setDraft((was) => ({ ...was, ...part }));
  const { stages } = draft;
  const set = (at: number, part: Partial<StageDraft>) =>
    change({ stages: stages.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  const move = (at: number, step: number) => {
    const next = [...stages];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at + step, 0, one);
    change({ stages: next });
  };
  const finish = (took: boolean) => {
    if (!took) return;
    done();
    close();
  };
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const answer = await save({ type: type.key, pipeline: sentOf(draft) });
    finish(problems.took(answer, (data) => data.savePipeline.problems));
  };
  const leave = async (id: string) => {
    const answer = await archive({ type: type.key, id });
    finish(problems.took(answer, (data) => data.archivePipeline.problems));
  };
  const sums = type.fields.filter((one) => one.kind === "money" || one.kind === "number");
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <ProblemList problems={problems.rest} />
        <TextInput
          data-autofocus
          label={t({ context: "record", message: "Name" })}
          value={draft.names[locale] ?? ""}
          onChange={(event) => change({ names: { ...draft.names, [locale]: event.currentTarget.value } })}
        />
        <ol className={css.stages} aria-label={t`Stages`}>
          {stages.map((stage, at) => (
            <StageEditor
              key={stage.mark}
              type={type}
              stage={stage}
              number={at + 1}
              onChange={(part) => set(at, part)}
              onMove={(step) => move(at, step)}
              first={at === 0}
              last={at === stages.length - 1}
              onRemove={() => change({ stages: stages.filter((_, index) => index !== at) })}
            />
          ))}
        </ol>
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => change({ stages: [...stages, stageDraft()] })}
          >
            <Trans>Add a stage</Trans>
          </Button>
        </div>
        {sums.length > 0 && (
          <Select
            label={t`The sum`}
            allowDeselect={false}
            data={[
              { value: "HAND", label: t`is typed by hand` },
              { value: "ITEMS", label: t`is the sum of the line items` },
              { value: "FORMULA", label: t`is worked out by a formula` },
            ]}
            value={draft.sumMode}
            onChange={(mode) => change({ sumMode: mode ?? "HAND" })}
          />
        )}
        {draft.sumMode !== "HAND" && (
          <Select
            label={t`It fills the field`}
            allowDeselect={false}
            data={sums.map((one) => ({ value: one.key, label: one.name }))}
            value={draft.sumField === "" ? null : draft.sumField}
            onChange={(key) => change({ sumField: key ?? "" })}
          />
        )}
        {draft.sumMode === "FORMULA" && (
          <Textarea
            label={t`Formula`}
            autosize
            minRows={1}
            spellCheck={false}
            classNames={{ input: css.mono ?? "" }}
            value={draft.sumFormula}
            onChange={(event) => change({ sumFormula: event.currentTarget.value })}
          />
        )}
        <Group justify="space-between" gap="sm">
          {pipeline ? (
            <Button variant="subtle" color="red" loading={leaving} onClick={() => void leave(pipeline.id)}>
              <Trans>Put the pipeline away</Trans>
            </Button>
          ) : (
            <span />
          )}
          <Group gap="sm">
            <Button variant="default" onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={fetching}>
              <Trans>Save</Trans>
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
