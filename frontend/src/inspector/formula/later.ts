// The editor of formulas weighs much: fetched when the first formula is shown.
import { later } from "../../ui/later";

export const FormulaField = later(async () => (await import("./FormulaField")).FormulaField, "when shown");
