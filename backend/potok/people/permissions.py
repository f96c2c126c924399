"""The one place that says what each role may do; API key scopes are mapped to the same roles."""

from enum import StrEnum

from potok.people.models import Role


class Permission(StrEnum):
    """Something a caller may be allowed to do."""

    SEE = "see"
    """Read scenarios, runs, the Outbox and notices."""
    WORK = "work"
    """Create, change and delete records."""
    BUILD = "build"
    """Create, edit, publish, switch, run and delete scenarios; see their hook addresses."""
    ADMINISTER = "administer"
    """Members, roles and API keys."""


GRANTED: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.SEE}),
    Role.MEMBER: frozenset({Permission.SEE, Permission.WORK}),
    Role.BUILDER: frozenset({Permission.SEE, Permission.WORK, Permission.BUILD}),
    Role.OWNER: frozenset(Permission),
}

ROLE_OF_SCOPE: dict[str, Role] = {
    "read": Role.VIEWER,
    "work": Role.MEMBER,
    "build": Role.BUILDER,
    "admin": Role.OWNER,
}


def may(role: Role, permission: Permission) -> bool:
    """Whether this role holds the permission."""
    return permission in GRANTED[role]
