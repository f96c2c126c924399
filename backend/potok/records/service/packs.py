"""Ready-made types, installed as data: afterwards they are the workspace's own and may be changed like any."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller
from potok.problems import refuse
from potok.records import repository
from potok.records.service.types import NewField, NewType, add_types

PACKS = ("crm",)


@cache
def read_pack(name: str) -> Any:
    """The pack's document. Raises Refused (`record.no_such_pack`)."""
    if name not in PACKS:
        raise refuse("record.no_such_pack", "name", pack=name[:60])
    return json.loads((files("potok.records") / "packs" / f"{name}.json").read_text("utf-8"))


async def install_pack(db: AsyncSession, caller: Caller, name: str) -> list[str]:
    """Add the types of a pack that are not there yet; their keys."""
    known = {one.key for one in await repository.types(db, caller.workspace_id)}
    wanted = [_type(one) for one in read_pack(name)["types"] if one["key"] not in known]
    await add_types(db, caller, wanted, pack=name)
    return [one.key for one in wanted]


def _type(raw: Any) -> NewType:
    fields = [NewField(**one) for one in raw["fields"]]
    return NewType(raw["key"], raw["names"], fields, icon=raw["icon"], title_field=raw["title_field"])
