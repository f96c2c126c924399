"""Every query of the Outbox."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.messages.models import OutboxMessage


async def page(db: AsyncSession, workspace_id: UUID, before: UUID | None, limit: int) -> list[OutboxMessage]:
    """The newest messages below `before`."""
    query = select(OutboxMessage).where(col(OutboxMessage.workspace_id) == workspace_id)
    if before is not None:
        query = query.where(col(OutboxMessage.id) < before)
    return list((await db.execute(query.order_by(col(OutboxMessage.id).desc()).limit(limit))).scalars())
