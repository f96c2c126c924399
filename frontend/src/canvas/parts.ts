// The parts of the builder that come after the canvas; each is a chunk of its own.
import { later } from "./later";

export const AddStep = later(async () => (await import("./AddStep")).AddStep);
export const Conflict = later(async () => (await import("./Conflict")).Conflict);
export const ListView = later(async () => (await import("./ListView")).ListView);
export const ProblemsPanel = later(async () => (await import("./Problems")).ProblemsPanel);
export const Publish = later(async () => (await import("./Publish")).Publish);
export const RunNow = later(async () => (await import("./RunNow")).RunNow);
export const SmallMap = later(async () => (await import("./SmallMap")).SmallMap);
export const StepSide = later(async () => (await import("./StepSide")).StepSide);
export const Versions = later(async () => (await import("./Versions")).Versions);
