// The parts of the builder that come after the canvas.
import { later } from "../ui/later";

const panels = () => import("./panels");

export const AskedStep = later(async () => (await panels()).AskedStep);
export const Conflict = later(async () => (await panels()).Conflict);
export const ListView = later(async () => (await panels()).ListView);
export const ProblemsPanel = later(async () => (await panels()).ProblemsPanel);
export const Publish = later(async () => (await panels()).Publish);
export const RunNow = later(async () => (await panels()).RunNow);
export const ScenarioSettings = later(async () => (await panels()).ScenarioSettings);
export const SmallMap = later(async () => (await panels()).SmallMap);
export const StepSide = later(async () => (await panels()).StepSide);
export const Versions = later(async () => (await panels()).Versions);
