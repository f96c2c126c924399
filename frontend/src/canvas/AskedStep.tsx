// Opens the step that the address asks for ("open the condition"), once.
import { useEffect } from "react";
import { useSearchParams } from "react-router";
import type { GraphJson } from "../graph/types";
import { useView } from "./view";

export function AskedStep({ graph }: { graph: GraphJson }) {
  const [params, setParams] = useSearchParams();
  const asked = params.get("step");
  const known = asked !== null && graph.nodes.some((node) => node.id === asked);
  useEffect(() => {
    if (asked === null) return;
    if (known) {
      useView.getState().select([asked]);
      useView.getState().open(asked);
    }
    setParams(
      (was) => {
        was.delete("step");
        return was;
      },
      { replace: true },
    );
  }, [asked, known, setParams]);
  return null;
}
