// Published versions: who, when, what was new; look at one on the canvas, or bring it back as the draft.
import { useState } from "react";
import { Badge, Button, CloseButton, Text } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useClient, useQuery } from "urql";
import { RestoreVersionDocument, VersionGraphDocument, VersionsDocument } from "../api/generated/builder";
import { normalise } from "../graph/doc";
import type { GraphJson } from "../graph/types";
import { Ago } from "../ui/Ago";
import { Failed, Waiting } from "../ui/Parts";
import { Confirm } from "../ui/Confirm";
import type { OpenScenario } from "./useScenario";
import { useView } from "./view";
import "./side.css";

export interface Looked {
  number: number;
  graph: GraphJson;
}

interface VersionsProps {
  open: OpenScenario;
  readOnly: boolean;
  looked: number | null;
  onLook: (version: Looked | null) => void;
}

export function Versions({ open, readOnly, looked, onLook }: VersionsProps) {
  const { t } = useLingui();
  const client = useClient();
  const setSide = useView((view) => view.setSide);
  const [restoring, setRestoring] = useState<number | null>(null);
  const { scenario, saver, commands, doc, learn } = open;
  const [{ data, error }, ask] = useQuery({
    query: VersionsDocument,
    variables: { id: scenario.id },
    requestPolicy: "network-only",
  });
  const versions = data?.scenario?.versions ?? [];

  const look = async (number: number) => {
    const answer = await client.query(VersionGraphDocument, { id: scenario.id, number }).toPromise();
    const found = answer.data?.scenarioVersion;
    if (found) onLook({ number, graph: normalise(found.graph) });
    else useView.getState().say(t`The version could not be loaded. Try again.`);
  };
  const restore = async (number: number) => {
    if (!(await saver.flush())) return;
    const answer = await client
      .mutation(RestoreVersionDocument, { id: scenario.id, number, baseRevision: saver.revision })
      .toPromise();
    const fresh = answer.data?.restoreVersion.scenario;
    if (!fresh || answer.data?.restoreVersion.conflict) {
      useView
        .getState()
        .say(answer.data?.restoreVersion.problems[0]?.message ?? t`Could not be restored. Try again.`);
      return;
    }
    onLook(null);
    commands.replaceAll(normalise(fresh.draft));
    doc.history.endTyping();
    saver.adopt(fresh.draftRevision);
    learn(fresh);
    useView.getState().say(t`Version ${number} is the draft now.`, true);
  };

  return (
    <aside className="side-panel" aria-label={t`Versions`} data-canvas-panel>
      <header className="side-head">
        <h2>
          <Trans>Versions</Trans>
        </h2>
        <CloseButton
          aria-label={t`Close the versions`}
          onClick={() => {
            onLook(null);
            setSide(null);
          }}
        />
      </header>
      <div className="side-body">
        {error && <Failed error={error} again={() => ask({ requestPolicy: "network-only" })} />}
        {!data && !error && <Waiting what={t`Loading versions…`} lines={3} />}
        {data && versions.length === 0 && (
          <Text size="sm" c="dimmed">
            <Trans>
              Nothing is published yet. Each publishing is kept here for ever and can be brought back.
            </Trans>
          </Text>
        )}
        <ol className="version-rows">
          {versions.map((version) => (
            <li key={version.id} data-looked={looked === version.number}>
              <div className="version-head">
                <strong>{t`Version ${{ number: version.number }}`}</strong>
                {version.current && (
                  <Badge color="petrol" size="sm">
                    <Trans>works now</Trans>
                  </Badge>
                )}
              </div>
              <div className="version-meta">
                <Ago at={version.publishedAt} /> {version.publishedBy && `· ${version.publishedBy.name}`}
              </div>
              {version.note !== "" && <div className="version-note">{version.note}</div>}
              <div className="version-tools">
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-pressed={looked === version.number}
                  onClick={() => (looked === version.number ? onLook(null) : void look(version.number))}
                >
                  {looked === version.number ? <Trans>Back to the draft</Trans> : <Trans>Look</Trans>}
                </Button>
                {!readOnly && (
                  <Button size="compact-sm" variant="subtle" onClick={() => setRestoring(version.number)}>
                    <Trans>Bring back</Trans>
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ol>
      </div>
      <Confirm
        opened={restoring !== null}
        title={t`Bring version ${{ number: restoring ?? 0 }} back?`}
        verb={t`Bring back`}
        onClose={() => setRestoring(null)}
        onConfirm={async () => {
          if (restoring !== null) await restore(restoring);
        }}
      >
        <Text size="sm">
          <Trans>
            The draft becomes this version. What works now stays as it is until you publish; Undo brings
            today's draft back.
          </Trans>
        </Text>
      </Confirm>
    </aside>
  );
}
