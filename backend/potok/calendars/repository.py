"""Every query of the calendars room."""

from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from potok.calendars.models import Calendar

_LOCK = "hashtextextended('potok.calendars:' || CAST(:workspace AS text), 0)"
_CHANGE = text(f"SELECT pg_advisory_xact_lock({_LOCK})")
_HOLD = text(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")


async def lock(db: AsyncSession, workspace_id: UUID) -> None:
    """Others who change calendars, or plan waits by them, come after this transaction."""
    await db.execute(_CHANGE, {"workspace": str(workspace_id)})


async def hold(db: AsyncSession, workspace_id: UUID) -> None:
    """Nobody changes calendars before the end of this transaction."""
    await db.execute(_HOLD, {"workspace": str(workspace_id)})


async def add(db: AsyncSession, *rows: SQLModel) -> None:
    """Write new or changed rows."""
    db.add_all(rows)
    await db.flush()


async def of_workspace(db: AsyncSession, workspace_id: UUID) -> list[Calendar]:
    """The default calendar first, then by name."""
    query = (
        select(Calendar)
        .where(col(Calendar.workspace_id) == workspace_id)
        .order_by(col(Calendar.is_default).desc(), func.lower(col(Calendar.name)), col(Calendar.id))
        .execution_options(populate_existing=True)
    )
    return list((await db.execute(query)).scalars())


async def no_default(db: AsyncSession, workspace_id: UUID) -> None:
    """Make room for another default calendar."""
    query = update(Calendar).where(col(Calendar.workspace_id) == workspace_id).values(is_default=False)
    await db.execute(query)


async def remove(db: AsyncSession, calendar_id: UUID) -> None:
    """Take a calendar away."""
    await db.execute(delete(Calendar).where(col(Calendar.id) == calendar_id))
