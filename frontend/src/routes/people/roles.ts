// Roles in words: what each may do.
import { useLingui } from "@lingui/react/macro";
import type { Role } from "../../api/types";

export const roles: readonly Role[] = ["VIEWER", "MEMBER", "BUILDER", "OWNER"];

export function useRoleWords(): Record<Role, string> {
  const { t } = useLingui();
  return {
    VIEWER: t({ context: "role", message: "Viewer" }),
    MEMBER: t({ context: "role", message: "Member" }),
    BUILDER: t({ context: "role", message: "Builder" }),
    OWNER: t({ context: "role", message: "Owner" }),
  };
}

export function useRoleMeaning(): Record<Role, string> {
  const { t } = useLingui();
  return {
    VIEWER: t`Sees scenarios, runs and messages; changes nothing`,
    MEMBER: t`Also adds and changes records`,
    BUILDER: t`Also builds, publishes, switches and deletes scenarios`,
    OWNER: t`Also adds people and makes API keys`,
  };
}
