"""Large values: reading one whole, and how much of its budget a scenario has used."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller
from potok.runs import repository_blobs


async def find_blob(db: AsyncSession, caller: Caller, owner: UUID, sha: str) -> bytes | None:
    """The JSON of a large value of a run or event; None when the caller's workspace has no such one."""
    try:
        wanted = bytes.fromhex(sha)
    except ValueError:
        return None
    return await repository_blobs.blob(db, caller.workspace_id, owner, wanted)


async def used_bytes(db: AsyncSession, scenario_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Bytes on disk of the large values of these scenarios. Give it only ids of scenarios the caller may see."""
    return await repository_blobs.used(db, scenario_ids)
