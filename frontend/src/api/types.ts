// The schema's enumerations under stable names; the generator only prints those that documents use.
import type { RunSummaryFragment, WhoAmIFragment } from "./generated/graphql";

export type RunStatus = RunSummaryFragment["status"];
export type RunSummary = RunSummaryFragment;
export type Viewer = WhoAmIFragment;
export type Role = WhoAmIFragment["role"];
