// The types of the workspace with all their fields: asked once, asked again after a change of the design.
import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { useQuery } from "urql";
import { ObjectTypeShapesDocument } from "../../api/generated/records";
import { allFields, type Field, type TypeShape } from "./model";

const none: readonly TypeShape[] = [];

export function useTypes() {
  const [{ data, error, fetching }, ask] = useQuery({
    query: ObjectTypeShapesDocument,
    requestPolicy: "cache-and-network",
  });
  return {
    types: data?.objectTypes ?? none,
    known: data !== undefined,
    fetching,
    error: data ? undefined : error,
    refresh: () => ask({ requestPolicy: "network-only" }),
  };
}

export function useFields(type: TypeShape): Field[] {
  const { t } = useLingui();
  const stage = t`Stage`;
  const reason = t`Close reason`;
  const created = t`Created`;
  const updated = t`Changed`;
  return useMemo(
    () => allFields(type, { stage, reason, created, updated }),
    [type, stage, reason, created, updated],
  );
}
