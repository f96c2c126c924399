"""What may be asked of the messages room: the Outbox, page by page."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.messages import repository
from potok.messages.models import OutboxMessage
from potok.pages import Page, page_of
from potok.people.service import Caller

OutboxPage = Page[OutboxMessage]


async def list_outbox(db: AsyncSession, caller: Caller, *, first: int, before: UUID | None) -> OutboxPage:
    """A page of the workspace's messages, newest first."""
    return page_of(await repository.page(db, caller.workspace_id, before, first + 1), first)
