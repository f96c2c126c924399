// The node types of the server, kept fresh: a plugin dropped into the folder appears in an open builder.
import { useEffect, useMemo } from "react";
import { useLingui } from "@lingui/react";
import { useQuery, useSubscription } from "urql";
import { CatalogChangedDocument, CatalogDocument, RecordFieldsDocument } from "../api/generated/builder";
import { hasRecords, type RecordSchemas, recordSchema } from "../graph/records";
import type { NodeType, Schema, Types } from "../graph/types";
import type { Json } from "../graph/types";

export interface TypeGroup {
  id: string;
  title: string;
}

export interface Catalog {
  types: Types;
  groups: TypeGroup[];
}

export interface CatalogState {
  catalog: Catalog | null;
  failed: boolean;
  retry: () => void;
}

export function useCatalog(): CatalogState {
  const { i18n } = useLingui();
  const [{ data, error }, ask] = useQuery({ query: CatalogDocument, variables: { locale: i18n.locale } });
  const [{ data: change }] = useSubscription({ query: CatalogChangedDocument });
  const hash = change?.catalogChanged.hash;
  useEffect(() => {
    if (hash !== undefined) ask({ requestPolicy: "network-only" });
  }, [hash, ask]);
  const raw = data?.catalog;
  const pause = !raw?.nodeTypes.some((type) => hasRecords(type.outputSchema ?? {}));
  const [{ data: known }] = useQuery({ query: RecordFieldsDocument, pause });
  const records = useMemo<RecordSchemas | undefined>(() => {
    const types = known?.objectTypes.map(({ key, fields }) => [key, recordSchema(fields)] as const);
    return types && Object.fromEntries(types);
  }, [known]);
  const catalog = useMemo<Catalog | null>(() => {
    if (!raw) return null;
    const types = raw.nodeTypes.map((type): [string, NodeType] => [
      type.type,
      {
        ...type,
        inputSchema: type.inputSchema as Schema,
        outputSchema: type.outputSchema ?? {},
        sample: (type.sample ?? null) as Json,
        ...(records && { records }),
      },
    ]);
    return { types: new Map(types), groups: raw.groups };
  }, [raw, records]);
  return {
    catalog,
    failed: error !== undefined && !raw,
    retry: () => ask({ requestPolicy: "network-only" }),
  };
}
