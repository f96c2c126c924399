// What a key opens, in words.
import { useLingui } from "@lingui/react/macro";
import type { ApiKeyPartsFragment } from "../../api/generated/manage";

export type Scope = ApiKeyPartsFragment["scope"];
export const scopes: readonly Scope[] = ["READ", "WORK", "BUILD", "ADMIN"];

export function useScopeWords(): Record<Scope, string> {
  const { t } = useLingui();
  return {
    READ: t`Read only`,
    WORK: t`Read and work with records`,
    BUILD: t`Read and build`,
    ADMIN: t`Everything, people and keys too`,
  };
}
