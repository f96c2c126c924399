"""Gives large types of records their indexes: a worker looks now and then which have grown or changed."""

import asyncio
import logging

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from potok.records import indexes
from potok.records.models import ObjectType
from potok.records.service.shapes import web_of
from potok.records.shape import Shape
from potok.server.errors import is_away

log = logging.getLogger("potok.server")

EVERY = 60.0


async def keep_indexes(engine: AsyncEngine) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await look(engine)
        except Exception as error:
            if not is_away(error) and not isinstance(error, DBAPIError):
                raise
            log.warning("indexes of large types were not looked after: %s", error)


async def look(engine: AsyncEngine, least: int = indexes.LARGE) -> int:
    """Once; how many were made."""
    shapes: list[Shape] = []
    async with AsyncSession(engine) as db:
        for type_id in await indexes.large(await db.connection(), least):
            row = await db.get(ObjectType, type_id)
            shape = (await web_of(db, row.workspace_id)).by_id(row.id) if row is not None else None
            if shape is not None:
                shapes.append(shape)
    return await indexes.tend(engine, shapes) if shapes else 0
