// One run in a list: outcome, scenario, what started it, when and how long.
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { RunSummary } from "../../api/types";
import { Ago } from "../../ui/Ago";
import rows from "../../ui/Rows.module.css";
import { RunStatusMark } from "../../ui/RunStatusMark";
import { useDuration } from "./duration";
import css from "./RunsPage.module.css";
import { useStartedBy } from "./useStartedBy";

export function RunRow({ run }: { run: RunSummary }) {
  const { t } = useLingui();
  const duration = useDuration();
  const startedBy = useStartedBy();
  const version = run.version.number;
  const title = run.scenarioTitle || t`Untitled scenario`;
  return (
    <li className={`${rows.row} ${css.row}`}>
      <RunStatusMark status={run.status} />
      <div className={css.what}>
        <Link to={`/runs/${run.id}`} className={`${rows.cover} ${rows.oneLine}`}>
          {title}
        </Link>
        {run.error ? (
          <span className={`${css.error} ${rows.oneLine}`} title={run.error.message}>
            {run.error.message}
          </span>
        ) : (
          <span className={`${rows.soft} ${rows.oneLine}`}>
            {run.waitsFor?.words ?? run.endName ?? startedBy(run.event.kind)}
            {" · "}
            <Trans>version {version}</Trans>
          </span>
        )}
      </div>
      <Ago at={run.createdAt} className={css.when ?? ""} />
      <span className={css.took}>{duration(run.startedAt, run.finishedAt)}</span>
    </li>
  );
}
