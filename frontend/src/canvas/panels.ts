// What opens beside and over the canvas, as one chunk: many small ones weigh more than they save.
export { AskedStep } from "./AskedStep";
export { Conflict } from "./Conflict";
export { ListView } from "./ListView";
export { ProblemsPanel } from "./Problems";
export { Publish } from "./Publish";
export { RunNow } from "./RunNow";
export { ScenarioSettings } from "./ScenarioSettings";
export { SmallMap } from "./SmallMap";
export { StepSide } from "./StepSide";
export { Versions } from "./Versions";
