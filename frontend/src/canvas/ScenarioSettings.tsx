// The panel with what holds for every run of the scenario.
import { CloseButton } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Json } from "../graph/types";
import { RunSettings } from "../inspector/RunSettings";
import { type ProblemInfo, useBuilder } from "./builder";
import { useView } from "./view";
import "./side.css";

interface ScenarioSettingsProps {
  problems: ProblemInfo[];
  /** Outputs of the last run by step id. */
  seen: ReadonlyMap<string, Json>;
}

export function ScenarioSettings({ problems, seen }: ScenarioSettingsProps) {
  const { t } = useLingui();
  const { graph, types, commands, readOnly } = useBuilder();
  const setSide = useView((view) => view.setSide);
  return (
    <aside className="side-panel" aria-label={t`Settings of the scenario`} data-canvas-panel>
      <header className="side-head">
        <h2>
          <Trans>Settings of the scenario</Trans>
        </h2>
        <CloseButton aria-label={t`Close the settings of the scenario`} onClick={() => setSide(null)} />
      </header>
      <div className="side-body">
        <RunSettings
          graph={graph}
          types={types}
          commands={commands}
          problems={problems.filter((one) => one.nodeId === null && one.path[0] === "settings")}
          seen={seen}
          readOnly={readOnly}
        />
      </div>
    </aside>
  );
}
