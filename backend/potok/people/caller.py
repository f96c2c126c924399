"""Who asks: the identity every service of every room receives."""

from dataclasses import dataclass
from uuid import UUID

from potok.people.models import Role
from potok.people.permissions import Permission, may


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person, an API key (`user_id` is None) or the command line, inside one workspace."""

    workspace_id: UUID
    role: Role
    user_id: UUID | None = None
    locale: str = ""
    """The person's chosen language; empty for programs, which say it per request."""
    api_key_id: UUID | None = None
    api_key_name: str | None = None
    address: str = ""
    """Where the request comes from, for the audit log."""

    def may(self, permission: Permission) -> bool:
        """Whether this caller holds the permission."""
        return may(self.role, permission)
