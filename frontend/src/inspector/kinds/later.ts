// Editors that few steps need, or that weigh much: fetched when the first of them is shown.
import { later } from "../../ui/later";

export const AnswersField = later(async () => (await import("./Answers")).AnswersField);
export const CodeField = later(async () => (await import("./Code")).CodeField, "when shown");
export const StartIf = later(async () => (await import("../StartIf")).StartIf);
export const OptionsField = later(async () => (await import("./Options")).OptionsField);
