"""The messages room's part of the schema: the Outbox."""

from datetime import datetime

import strawberry

from potok.gql import Info, PageInfo, query
from potok.messages import models, service
from potok.pages import cursor, page_size, read_id_cursor
from potok.people.service import Permission


@strawberry.type
class OutboxMessage:
    """One outgoing message."""

    id: strawberry.ID
    channel: str
    recipients: list[str]
    subject: str
    body: str
    state: str
    scenario_id: strawberry.ID | None
    run_id: strawberry.ID | None
    node_id: strawberry.ID
    created_at: datetime


@strawberry.type
class OutboxConnection:
    """A page of messages, newest first."""

    nodes: list[OutboxMessage]
    page_info: PageInfo


@strawberry.type
class MessagesQuery:
    """Root fields of the messages room."""

    @query(Permission.SEE)
    async def outbox(self, info: Info, first: int = 50, after: str | None = None) -> OutboxConnection:
        """What was sent, or would have been."""
        before = read_id_cursor(after)
        async with info.context.db() as db:
            page = await service.list_outbox(db, info.context.who, first=page_size(first), before=before)
        end = cursor(str(page.rows[-1].id)) if page.rows else None
        return OutboxConnection(
            nodes=[_message(row) for row in page.rows],
            page_info=PageInfo(end_cursor=end, has_next_page=page.has_next),
        )


def _message(row: models.OutboxMessage) -> OutboxMessage:
    return OutboxMessage(
        id=strawberry.ID(str(row.id)),
        channel=row.channel,
        recipients=[str(one) for one in row.recipients],
        subject=row.subject,
        body=row.body,
        state=row.state,
        scenario_id=strawberry.ID(str(row.scenario_id)) if row.scenario_id else None,
        run_id=strawberry.ID(str(row.run_id)) if row.run_id else None,
        node_id=strawberry.ID(row.node_id),
        created_at=row.created_at,
    )
