// What the server says of a formula while it is written: its value, its mistakes, the call around the caret.
import { useCallback, useEffect, useState } from "react";
import { useLingui } from "@lingui/react";
import { type Client, useClient } from "urql";
import {
  FormulaCheckDocument,
  type FormulaCheckQuery,
  FormulaCompleteDocument,
  type FormulaCompleteQuery,
  FormulaSignatureDocument,
  type FormulaSignatureQuery,
} from "../../api/generated/inspector";
import { upstream } from "../../graph/reach";
import type { GraphJson } from "../../graph/types";
import type { FormContext } from "../context";
import { toCharacters } from "./offsets";

export type Check = FormulaCheckQuery["formulaCheck"];
export type Offer = FormulaCompleteQuery["formulaComplete"][number];
export type Signature = NonNullable<FormulaSignatureQuery["formulaSignature"]>;

/** Where a formula stands: a step of a scenario on the screen, or a type of records. */
export interface Place {
  scenarioId?: string;
  graph?: GraphJson;
  nodeId?: string;
  field?: string;
  type?: string;
}

const CHECK_MS = 300;
const SIGNATURE_MS = 120;
const FRESH = { requestPolicy: "network-only" } as const;

/** Only what comes before the step: the rest of the scenario need not travel. */
export function placeOf(form: FormContext, setting: string | undefined): Place {
  const node = form.node.id === "" ? form.sources[0]?.node : form.node;
  if (!node) return {};
  const nodes = [...upstream(form.graph, node.id), node];
  const ids = new Set(nodes.map((one) => one.id));
  const edges = form.graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target));
  return {
    ...(form.scenarioId === undefined ? {} : { scenarioId: form.scenarioId }),
    graph: { format: "potok/1", title: "", nodes, edges },
    nodeId: node.id,
    ...(setting === undefined ? {} : { field: setting }),
  };
}

/** null while nothing is known yet; the last answer stays while the next is awaited. */
export function useCheck(text: string, place: Place): { check: Check | null; of: string } {
  const client = useClient();
  const { i18n } = useLingui();
  const [known, setKnown] = useState<{ check: Check | null; of: string }>({ check: null, of: "" });
  useEffect(() => {
    if (text.trim() === "") return;
    let gone = false;
    const ask = () =>
      void client
        .query(FormulaCheckDocument, { place, text }, FRESH)
        .toPromise()
        .then(({ data }) => {
          if (!gone && data) setKnown({ check: data.formulaCheck, of: text });
        });
    const timer = setTimeout(ask, CHECK_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, text, place, i18n.locale]);
  return known;
}

export function useSignature(text: string, caret: number | null): Signature | null {
  const client = useClient();
  const [known, setKnown] = useState<Signature | null>(null);
  useEffect(() => {
    if (caret === null || !text.slice(0, caret).includes("(")) return;
    let gone = false;
    const ask = () =>
      void client
        .query(FormulaSignatureDocument, { text, offset: toCharacters(text, caret) }, FRESH)
        .toPromise()
        .then(({ data }) => {
          if (!gone && data) setKnown(data.formulaSignature);
        });
    const timer = setTimeout(ask, SIGNATURE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, text, caret]);
  return caret === null || !text.slice(0, caret).includes("(") ? null : known;
}

/** Asks what may stand at the caret. */
export function useOffers(place: Place): (text: string, caret: number) => Promise<Offer[]> {
  const client: Client = useClient();
  return useCallback(
    async (text, caret) => {
      const variables = { place, text, offset: toCharacters(text, caret) };
      const { data } = await client.query(FormulaCompleteDocument, variables, FRESH).toPromise();
      return data?.formulaComplete ?? [];
    },
    [client, place],
  );
}
