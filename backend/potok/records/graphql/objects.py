"""Types and fields as the API shows them and takes them."""

from collections.abc import Mapping
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, Problem, batched
from potok.people.service import Permission
from potok.records import models
from potok.records.graphql.names import localized
from potok.records.graphql.pipelines import Pipeline, pipelines_of
from potok.records.kinds import KINDS, Kind, effective, options_of
from potok.records.rights import RESTRICTED
from potok.records.service import records as service


@strawberry.type
class FieldKind:
    """A kind of field. `settings`: JSON Schema of what can be set."""

    id: strawberry.ID
    settings: JSON
    operators: list[str]
    summed: bool
    unique: bool
    computed: bool


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
    def settings(self, info: Info) -> JSON:
        """As its kind describes them. How a formula is worked out is for those who build."""
        if info.context.who.may(Permission.BUILD):
            return JSON(self.row.settings)
        return JSON({name: value for name, value in self.row.settings.items() if name != "formula"})

    @strawberry.field
    def rights(self, info: Info) -> JSON:
        """{role: none | read | write} of roles that are restricted; for those who build."""
        return JSON((self.row.rights or {}) if info.context.who.may(Permission.BUILD) else {})

    @strawberry.field
    def writable(self, info: Info) -> bool:
        """Whether the caller may fill it."""
        who = info.context.who
        mine = who.role not in RESTRICTED or (self.row.rights or {}).get(who.role, "write") == "write"
        return mine and not KINDS[self.row.kind].computed and who.may(Permission.WORK)

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
    async def title_field(self, info: Info) -> str:
        """Key of the field that names a record; empty when the caller may not see it."""
        async with info.context.db() as db:
            return await service.title_field_of(db, info.context.who, self.row)

    @strawberry.field
    def pack(self) -> str:
        """The pack it came with; empty when a person made it."""
        return self.row.pack

    @strawberry.field
    async def fields(self, info: Info) -> list[ObjectField]:
        """In their order."""

        async def load(ids: list[UUID]) -> Mapping[UUID, list[models.ObjectField]]:
            async with info.context.db() as db:
                return await service.fields_of(db, info.context.who, ids)

        found = await batched(info, "record_fields", load).load(self.row.id)
        return [ObjectField(row=one) for one in found or []]

    @strawberry.field
    async def count(self, info: Info) -> int:
        """Records there are, without the trash."""
        async with info.context.db() as db:
            return await service.count_of(db, info.context.who, self.row.key)

    @strawberry.field
    async def pipelines(self, info: Info) -> list[Pipeline]:
        """The ways its records go, in order; none for a type without stages."""
        return await pipelines_of(info, self.row.id)


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


@strawberry.input
class ObjectTypeChange:
    """What shall be other of a type; what is left out stays."""

    names: JSON | None = None
    icon: str | None = None
    color: str | None = None
    title_field: str | None = None


@strawberry.input
class ObjectFieldChange:
    """What shall be other of a field; what is left out stays. `position`: its place among the fields, from 0."""

    names: JSON | None = None
    settings: JSON | None = None
    help: JSON | None = None
    required: bool | None = None
    unique: bool | None = None
    default: JSON | None = strawberry.UNSET
    position: int | None = None
