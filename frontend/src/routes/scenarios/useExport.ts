// Saves a scenario as the readable text file that "Import" takes back.
import { useLingui } from "@lingui/react/macro";
import { useClient } from "urql";
import { ScenarioTextDocument } from "../../api/generated/graphql";
import { sayFailed } from "../../ui/toast";

/** A file name made of the title: letters of any language stay, the rest becomes dashes. */
export function fileNameFor(title: string): string {
  const plain = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  return `${plain.replace(/^-+|-+$/g, "").slice(0, 60) || "scenario"}.potok.yaml`;
}

export function useExport(): (id: string, title: string) => Promise<void> {
  const { t } = useLingui();
  const client = useClient();
  return async (id, title) => {
    const { data } = await client
      .query(ScenarioTextDocument, { id }, { requestPolicy: "network-only" })
      .toPromise();
    if (typeof data?.scenarioText !== "string") {
      sayFailed(t`The text could not be fetched. Try again.`);
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([data.scenarioText], { type: "application/yaml" }));
    link.download = fileNameFor(title);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
  };
}
