// A scenario from text: choose or drop a file, or paste. What is wrong is named; the text stays.
import { Button, FileButton, Group, Modal, Textarea } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconFile } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useMutation } from "urql";
import { ImportScenarioDocument } from "../../api/generated/graphql";
import { ProblemList, useProblems } from "../../ui/problems";
import css from "./ImportDialog.module.css";

const fields: readonly "text"[] = [];
const changes = { additionalTypenames: ["ScenarioConnection"] };

export function ImportDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const problems = useProblems(fields);
  const [{ fetching }, importScenario] = useMutation(ImportScenarioDocument);
  const [text, setText] = useState("");
  const [over, setOver] = useState(false);

  const take = async (file: File | null | undefined) => {
    if (!file) return;
    problems.clear();
    setText(await file.text());
  };
  const submit = async () => {
    const answer = await importScenario({ text }, changes);
    const scenario = answer.data?.importScenario.scenario;
    // A scenario with unfinished steps is imported all the same: its problems are shown on the canvas.
    if (scenario) void navigate(`/scenarios/${scenario.id}`);
    else problems.took(answer, (data) => data.importScenario.problems);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={t`Import a scenario`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <div className={css.body}>
        {/* eslint-disable-next-line jsx-a11y-x/no-static-element-interactions -- dropping is a shortcut of the button inside */}
        <div
          className={css.drop}
          data-over={over || undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={onDrop}
        >
          <FileButton onChange={(file) => void take(file)} accept=".yaml,.yml,.json,.txt">
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFile size={16} aria-hidden />}>
                <Trans>Choose a file</Trans>
              </Button>
            )}
          </FileButton>
          <span className={css.hint}>
            <Trans>or drop it here</Trans>
          </span>
        </div>
        <Textarea
          label={t`Text of the scenario`}
          description={t`The file “Save as text” makes; it begins with “format: potok/1”`}
          classNames={{ input: css.text ?? "" }}
          rows={12}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <ProblemList problems={problems.rest} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button loading={fetching} disabled={text.trim() === ""} onClick={() => void submit()}>
            <Trans>Import</Trans>
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
