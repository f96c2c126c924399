"""Outward effects as the schema shows them."""

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, PageInfo, batched
from potok.pages import Page
from potok.people.service import names_of
from potok.runs import models


@strawberry.enum
class EffectState(Enum):
    """What became of an effect."""

    INTENDED = "intended"
    DONE = "done"
    FAILED = "failed"
    RETRYING = "retrying"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@strawberry.enum
class EffectAnswer(Enum):
    """What a person says about an unknown outcome: it happened, do it again, go on without it."""

    SENT = "sent"
    AGAIN = "again"
    SKIP = "skip"


@strawberry.type
class Effect:
    """Something a step changed outside, or was about to."""

    row: strawberry.Private[models.Effect]

    @strawberry.field
    def key(self) -> strawberry.ID:
        """The same on every repeat; receivers that know it ignore duplicates."""
        return strawberry.ID(self.row.key)

    @strawberry.field
    def run_id(self) -> strawberry.ID:
        """Its run."""
        return strawberry.ID(str(self.row.run_id))

    @strawberry.field
    def node_id(self) -> strawberry.ID:
        """Its step."""
        return strawberry.ID(self.row.node_id)

    @strawberry.field
    def node_type(self) -> str:
        """The step's type."""
        return self.row.node_type

    @strawberry.field
    def preview(self) -> str:
        """What was to be done, in words."""
        return self.row.preview

    @strawberry.field
    def state(self) -> EffectState:
        """What became of it."""
        return EffectState(self.row.state)

    @strawberry.field
    def attempts(self) -> int:
        """How often it was begun."""
        return self.row.attempts

    @strawberry.field
    def intended_at(self) -> datetime:
        """When it was about to happen."""
        return self.row.intended_at

    @strawberry.field
    def settled_at(self) -> datetime | None:
        """When its outcome became known."""
        return self.row.settled_at

    @strawberry.field
    def receipt(self) -> JSON | None:
        """What the other side answered, or the error."""
        return None if self.row.receipt is None else JSON(self.row.receipt)

    @strawberry.field
    def answer(self) -> EffectAnswer | None:
        """What a person said about it."""
        return EffectAnswer(self.row.answer) if self.row.answer in _ANSWERS else None

    @strawberry.field
    async def answered_by(self, info: Info) -> str | None:
        """Who said it."""
        return await name_of(info, self.row.answered_by)


_ANSWERS = frozenset(answer.value for answer in EffectAnswer)


@strawberry.type
class EffectConnection:
    """A page of effects, newest first."""

    nodes: list[Effect]
    page_info: PageInfo


def effects_of(page: Page[models.Effect], end: str | None) -> EffectConnection:
    """A page as shown."""
    return EffectConnection(
        nodes=[Effect(row=row) for row in page.rows],
        page_info=PageInfo(end_cursor=end, has_next_page=page.has_next),
    )


async def name_of(info: Info, user_id: UUID | None) -> str | None:
    """A person's name, batched."""
    if user_id is None:
        return None

    async def load(ids: list[UUID]) -> dict[UUID, Any]:
        async with info.context.db() as db:
            return dict(await names_of(db, ids))

    return await batched(info, "names", load).load(user_id)
