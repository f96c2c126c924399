"""Large values: reading one whole, and how much of its budget a scenario has used."""

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
