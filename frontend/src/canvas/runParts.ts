// Parts of a run's data that few runs have.
import { later } from "../ui/later";

export const LoopItems = later(async () => (await import("./LoopItems")).LoopItems, "when shown");
