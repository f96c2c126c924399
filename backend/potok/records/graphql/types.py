"""Records as the API shows them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, PageInfo, Problem, batched
from potok.graph.formulas import Mistake, to_plain
from potok.records import reading
from potok.records.service import records as service
from potok.words import say


@strawberry.enum
class RecordChangeKind(Enum):
    """What happened to a record."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    RESTORED = "restored"


@strawberry.type
class RecordRef:
    """A record another one points to."""

    id: strawberry.ID
    type: str
    title: str


@strawberry.type
class Record:
    """One record. `values`: {field key: value}; numbers that JavaScript would round are texts."""

    found: strawberry.Private[reading.Found]
    type: str

    @strawberry.field
    def id(self) -> strawberry.ID:
        """Its id."""
        return strawberry.ID(str(self.found.id))

    @strawberry.field
    def title(self) -> str:
        """How it is called."""
        return self.found.title

    @strawberry.field
    def values(self) -> JSON:
        """What is filled."""
        return JSON(plain(self.found.data))

    @strawberry.field
    def errors(self) -> JSON:
        """{field key: {code, params}} of formulas that have no value."""
        return JSON(dict(self.found.errors))

    @strawberry.field
    def explained(self, info: Info) -> JSON:
        """The same in words: {field key: what is wrong and how to mend it}."""
        locale = info.context.locale
        return JSON({key: _explained(key, error, locale) for key, error in self.found.errors.items()})

    @strawberry.field
    def version(self) -> int:
        """Grows with every change; give it back to be told when somebody was faster."""
        return self.found.version

    @strawberry.field
    def created_at(self) -> datetime:
        """When it was made."""
        return self.found.created_at

    @strawberry.field
    def updated_at(self) -> datetime:
        """When it was changed last."""
        return self.found.updated_at

    @strawberry.field
    def deleted_at(self) -> datetime | None:
        """Since when it is in the trash."""
        return self.found.deleted_at

    @strawberry.field
    async def refs(self, info: Info) -> list[RecordRef]:
        """Titles of the records it points to."""

        async def load(found: list[tuple[str, UUID]]) -> Mapping[tuple[str, UUID], list[service.Ref]]:
            async with info.context.db() as db:
                return await service.refs_of(db, info.context.who, found)

        refs = await batched(info, "record_refs", load).load((self.type, self.found.id))
        return [RecordRef(id=strawberry.ID(str(one.id)), type=one.type, title=one.title) for one in refs or []]


@strawberry.type
class RecordEdge:
    """A record and its place in the list, to go on from."""

    node: Record
    cursor: str


@strawberry.type
class RecordConnection:
    """A page of records."""

    edges: list[RecordEdge]
    page_info: PageInfo


@strawberry.type
class RecordSums:
    """How many records, and {field key: exact sum as text}."""

    count: int
    sums: JSON


@strawberry.type
class RecordGroup:
    """Records that have the same value."""

    value: str | None
    count: int
    sums: JSON


@strawberry.type
class RecordActor:
    """Who changed a record: a person, a run of a scenario, an import or a key."""

    user: str | None
    run_id: strawberry.ID | None
    scenario_id: strawberry.ID | None
    scenario: str | None
    key: str | None


@strawberry.type
class RecordPerson:
    """Somebody a field of the kind `person` can name."""

    id: strawberry.ID
    name: str


@strawberry.type
class RecordChange:
    """A line of the timeline. `changes`: {field key: [before, after]}."""

    id: strawberry.ID
    at: datetime
    what: RecordChangeKind
    changes: JSON
    actor: RecordActor


@strawberry.type
class RecordChangeConnection:
    """A page of a timeline, newest first."""

    nodes: list[RecordChange]
    page_info: PageInfo


@strawberry.type
class RecordPayload:
    """The record, or why it was not written."""

    record: Record | None
    problems: list[Problem]


@strawberry.input
class RecordSort:
    """One column to sort by."""

    field: str
    descending: bool = False


def _explained(key: str, error: Mapping[str, Any], locale: str) -> str:
    code, params = str(error.get("code", "")), dict(error.get("params") or {})
    if code.startswith("value."):
        words = say(f"record.{code}", locale, **{**params, "field": key})
    else:
        words = Mistake(code, params=params).words(locale)
    return f"{words.message} {words.fix}".strip()


def plain(value: Any) -> Any:
    """Stored values as JSON that loses nothing in JavaScript."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return to_plain(Decimal(value))
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value
