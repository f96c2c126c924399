"""Lists of the records room for settings of blocks: types, fields of the chosen type, stages of its pipelines."""

from collections.abc import Mapping, Sequence
from typing import Any

from potok.records.graphql.names import localized
from potok.records.kinds.stages import StageSettings
from potok.records.service.shapes import web_of
from potok.records.shape import Shape
from potok.request import Request
from potok.sdk.choices import Option, Options

_Params = Mapping[str, Any]


async def offer_types(request: Request, params: _Params, search: str, page: int) -> Options:
    """The types of the workspace; there are few, so one page holds them."""
    return _page(await _types(request), search, page)


async def find_type(request: Request, params: _Params, value: Any) -> Option | None:
    """One by its key; None when it is gone."""
    return _one(await _types(request), value)


async def offer_fields(request: Request, params: _Params, search: str, page: int) -> Options:
    """The fields of the type in the block's setting `type`."""
    return _page(await _fields(request, params), search, page)


async def find_field(request: Request, params: _Params, value: Any) -> Option | None:
    """One by its key."""
    return _one(await _fields(request, params), value)


async def offer_stages(request: Request, params: _Params, search: str, page: int) -> Options:
    """The stages of that type, with the name of their pipeline beside them."""
    return _page(await _stages(request, params), search, page)


async def find_stage(request: Request, params: _Params, value: Any) -> Option | None:
    """One by its id, or by its name as people may have typed it."""
    stages = await _stages(request, params)
    return _one(stages, value) or next((one for one in stages if one.title == value), None)


async def _types(request: Request) -> list[Option]:
    async with request.db() as db:
        shapes = (await web_of(db, request.who.workspace_id)).shapes.values()
    return [Option(one.key, _type_name(one, request.locale)) for one in shapes]


def _type_name(shape: Shape, locale: str) -> str:
    name = localized(shape.names, locale)
    return str(name.get("one", shape.key) if isinstance(name, Mapping) else name or shape.key)


async def _fields(request: Request, params: _Params) -> list[Option]:
    shape = await _shape(request, params)
    fields = shape.fields.values() if shape is not None else ()
    return [Option(one.key, str(localized(one.names, request.locale) or one.key), one.key) for one in fields]


async def _stages(request: Request, params: _Params) -> list[Option]:
    shape = await _shape(request, params)
    one = shape.fields.get("stage") if shape is not None else None
    if one is None or not isinstance(one.settings, StageSettings):
        return []
    return [
        Option(stage.id, str(localized(stage.names, request.locale)), str(localized(way.names, request.locale)))
        for way, stage in one.settings.stages()
    ]


async def _shape(request: Request, params: _Params) -> Shape | None:
    async with request.db() as db:
        web = await web_of(db, request.who.workspace_id)
    return web.by_key(str(params.get("type") or ""))


def _page(options: Sequence[Option], search: str, page: int) -> Options:
    found = [one for one in options if search.lower() in one.title.lower()]
    return Options(found if page == 1 else [])


def _one(options: Sequence[Option], value: Any) -> Option | None:
    return next((one for one in options if one.value == value), None)
