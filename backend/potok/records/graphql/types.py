"""Types, fields and records as the API shows them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, PageInfo, Problem, batched
from potok.graph.formulas import to_plain
from potok.records import models, reading
from potok.records.kinds import KINDS, Kind, effective, options_of
from potok.records.service import records as service
from potok.words import DEFAULT


@strawberry.enum
class RecordChangeKind(Enum):
    """What happened to a record."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    RESTORED = "restored"


@strawberry.type
class FieldKind:
    """A kind of field. `settings`: JSON Schema of what can be set."""

    id: strawberry.ID
    settings: JSON
    operators: list[str]
    summed: bool
    unique: bool
    computed: bool


def localized(names: Mapping[str, Any], locale: str) -> Any:
    """The name in the reader's language, else in any."""
    return names.get(locale) or names.get(DEFAULT) or next(iter(names.values()), "")


@strawberry.type
class ObjectField:
    """A field of a type. `name` and `help` are in the reader's language, `names` in all."""

    row: strawberry.Private[models.ObjectField]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """Its id."""
        return strawberry.ID(str(self.row.id))

    @strawberry.field
    def key(self) -> str:
        """What formulas and stored data say."""
        return self.row.key

    @strawberry.field
    def kind(self) -> str:
        """See `fieldKinds`."""
        return self.row.kind

    @strawberry.field
    def name(self, info: Info) -> str:
        """How people call it."""
        return str(localized(self.row.names, info.context.locale) or self.row.key)

    @strawberry.field
    def names(self) -> JSON:
        """{locale: name}."""
        return JSON(self.row.names)

    @strawberry.field
    def help(self, info: Info) -> str:
        """What to put in."""
        return str(localized(self.row.help, info.context.locale))

    @strawberry.field
    def required(self) -> bool:
        """Whether it must be filled."""
        return self.row.required

    @strawberry.field
    def unique(self) -> bool:
        """Whether no two records may have the same."""
        return self.row.is_unique

    @strawberry.field
    def default(self) -> JSON | None:
        """What a new record has."""
        return None if self.row.default is None else JSON(self.row.default)

    @strawberry.field
    def settings(self) -> JSON:
        """As its kind describes them."""
        return JSON(self.row.settings)

    @strawberry.field
    def operators(self) -> list[str]:
        """How lists can be filtered by it."""
        return sorted(self._seen_as.operators)

    @strawberry.field
    def shown_as(self) -> str:
        """The kind of its values: of a formula that of its result."""
        return self._seen_as.id

    @strawberry.field
    def summed(self) -> bool:
        """Whether lists can add it up."""
        return self._seen_as.summed

    @strawberry.field
    def computed(self) -> bool:
        """Whether nobody types it."""
        return KINDS[self.row.kind].computed

    @property
    def _seen_as(self) -> Kind:
        kind = KINDS[self.row.kind]
        return effective(kind, options_of(kind, self.row.settings))


@strawberry.type
class ObjectType:
    """A kind of thing the office keeps records of."""

    row: strawberry.Private[models.ObjectType]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """Its id."""
        return strawberry.ID(str(self.row.id))

    @strawberry.field
    def key(self) -> str:
        """What relations and steps say."""
        return self.row.key

    @strawberry.field
    def name(self, info: Info) -> str:
        """How people call one of them."""
        return str(localized(self.row.names, info.context.locale)["one"] or self.row.key)

    @strawberry.field
    def plural(self, info: Info) -> str:
        """How people call several."""
        return str(localized(self.row.names, info.context.locale)["many"] or self.row.key)

    @strawberry.field
    def names(self) -> JSON:
        """{locale: {one, many}}."""
        return JSON(self.row.names)

    @strawberry.field
    def icon(self) -> str:
        """Name of its picture."""
        return self.row.icon

    @strawberry.field
    def color(self) -> str:
        """Its colour."""
        return self.row.color

    @strawberry.field
    def title_field(self) -> str:
        """Key of the field that names a record."""
        return self.row.title_field

    @strawberry.field
    def pack(self) -> str:
        """The pack it came with; empty when a person made it."""
        return self.row.pack

    @strawberry.field
    async def fields(self, info: Info) -> list[ObjectField]:
        """In their order."""

        async def load(ids: list[UUID]) -> Mapping[UUID, list[models.ObjectField]]:
            async with info.context.db() as db:
                return await service.fields_of(db, ids)

        found = await batched(info, "record_fields", load).load(self.row.id)
        return [ObjectField(row=one) for one in found or []]

    @strawberry.field
    async def count(self, info: Info) -> int:
        """Records there are, without the trash."""
        async with info.context.db() as db:
            return await service.count_of(db, info.context.who, self.row.key)


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


@strawberry.type
class ObjectTypePayload:
    """The type, or what is wrong."""

    type: ObjectType | None
    problems: list[Problem]


@strawberry.type
class PackPayload:
    """Keys of the types that were added."""

    added: list[str]
    problems: list[Problem]


@strawberry.input
class RecordSort:
    """One column to sort by."""

    field: str
    descending: bool = False


@strawberry.input
class ObjectFieldInput:
    """A field as somebody wants it."""

    key: str
    kind: str
    names: JSON
    settings: JSON | None = None
    help: JSON | None = None
    required: bool = False
    unique: bool = False
    default: JSON | None = None


@strawberry.input
class ObjectTypeInput:
    """A type as somebody wants it. `names`: {locale: name or {one, many}}."""

    key: str
    names: JSON
    fields: list[ObjectFieldInput]
    icon: str = ""
    color: str = ""
    title_field: str = ""


def plain(value: Any) -> Any:
    """Stored values as JSON that loses nothing in JavaScript."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return to_plain(Decimal(value))
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value
