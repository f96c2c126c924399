"""The types of a workspace, compiled and kept until one of them changes."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.records import repository
from potok.records.shape import make_field, make_shape
from potok.records.web import Web, make_web

MOST_WORKSPACES = 1_000


_KEPT: dict[UUID, Web] = {}


async def web_of(db: AsyncSession, workspace_id: UUID) -> Web:
    """The compiled types. One cheap query tells whether what is kept still holds."""
    as_of = await repository.changed_at(db, workspace_id)
    kept = _KEPT.get(workspace_id)
    if kept is not None and kept.as_of == as_of:
        return kept
    rows = await repository.types(db, workspace_id)
    fields = await repository.fields(db, [row.id for row in rows])
    shapes = [make_shape(row, [make_field(one) for one in fields if one.type_id == row.id]) for row in rows]
    if len(_KEPT) >= MOST_WORKSPACES:
        _KEPT.clear()
    found = _KEPT[workspace_id] = make_web(shapes, as_of)
    return found
