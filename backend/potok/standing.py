"""How a database and this Potok stand to each other: may this process work on that schema?

current        at our newest revision
after_pending  only "after" revisions are missing: works; they are applied when all old processes are gone
ahead          a newer Potok added something: works
behind         something that this Potok needs is missing: does not work until `potok migrate`
too_new        a newer Potok took away or reshaped something: does not work; replace this process
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import asyncpg

from potok.revisions import Revision, chain

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

State: TypeAlias = Literal["current", "after_pending", "ahead", "behind", "too_new"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What was found. `pending` holds what this Potok has and the database has not, the first one first."""

    revision: str | None
    state: State
    pending: tuple[Revision, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether processes of this Potok work on it."""
        return self.state not in ("behind", "too_new")


async def current(connection: "Connection") -> str | None:
    """The database's revision, None when it is empty."""
    try:
        found = await connection.fetchval("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return None if found is None else str(found)


async def look(connection: "Connection") -> Standing:
    """One query while nothing is unusual. Raises what the database raises."""
    revision, ours = await current(connection), chain()
    ids = [one.id for one in ours]
    if revision is not None and revision not in ids:
        return Standing(revision, "ahead" if await _only_added(connection, revision, ids) else "too_new")
    pending = ours if revision is None else ours[ids.index(revision) + 1 :]
    if not pending:
        return Standing(revision, "current")
    needed = any(one.half == "before" for one in pending)
    return Standing(revision, "behind" if needed else "after_pending", pending)


async def _only_added(connection: "Connection", revision: str, ours: list[str]) -> bool:
    """Whether all that we do not know was written down, by the Potok that applied it, as "before"."""
    try:
        rows = await connection.fetch("select revision, half from migration_half")
    except asyncpg.UndefinedTableError:
        return False
    foreign = {str(row[0]): str(row[1]) for row in rows if row[0] not in ours}
    return revision in foreign and set(foreign.values()) == {"before"}
