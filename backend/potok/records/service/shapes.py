"""The types of a workspace, compiled and kept until one of them changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.records import repository
from potok.records.shape import Shape, make_field, make_shape

MOST_WORKSPACES = 1_000


@dataclass(frozen=True, slots=True)
class Types:
    """Every type of one workspace."""

    shapes: Mapping[str, Shape]
    as_of: datetime | None = None
    _by_id: Mapping[UUID, Shape] = field(default_factory=dict)

    def by_key(self, key: str) -> Shape | None:
        """The type of this key."""
        return self.shapes.get(key)

    def by_id(self, type_id: UUID) -> Shape | None:
        """The type with this id."""
        return self._by_id.get(type_id)


_KEPT: dict[UUID, Types] = {}


async def types_of(db: AsyncSession, workspace_id: UUID) -> Types:
    """The compiled types. One cheap query tells whether what is kept still holds."""
    as_of = await repository.changed_at(db, workspace_id)
    kept = _KEPT.get(workspace_id)
    if kept is not None and kept.as_of == as_of:
        return kept
    rows = await repository.types(db, workspace_id)
    fields = await repository.fields(db, [row.id for row in rows])
    shapes = {
        row.key: make_shape(row, [make_field(one) for one in fields if one.type_id == row.id]) for row in rows
    }
    if len(_KEPT) >= MOST_WORKSPACES:
        _KEPT.clear()
    found = _KEPT[workspace_id] = Types(shapes, as_of, {shape.id: shape for shape in shapes.values()})
    return found
