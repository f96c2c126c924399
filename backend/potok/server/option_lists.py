"""Lists Potok itself offers for settings of certain kinds (`LISTED` of the SDK): the scenarios to call, say."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from potok.calendars import service as calendars
from potok.gql import read_id
from potok.request import Request
from potok.scenarios import service as scenarios
from potok.scenarios.service import Choice
from potok.sdk.choices import Option, Options
from potok.server.record_lists import find_field, find_stage, find_type, offer_fields, offer_stages, offer_types
from potok.words import say

PAGE = 50
"""Options on one page."""

Params = Mapping[str, Any]
"""The block's settings so far."""
Offer = Callable[[Request, Params, str, int], Awaitable[Options]]
Find = Callable[[Request, Params, Any], Awaitable[Option | None]]


async def offer_scenarios(request: Request, params: Params, search: str, page: int) -> Options:
    """The scenarios of the workspace by title; those that cannot be called now say why."""
    async with request.db() as db:
        rows = await scenarios.choices(db, request.who, search=search, limit=PAGE + 1, offset=(page - 1) * PAGE)
    return Options(await _options(request, rows[:PAGE]), more=len(rows) > PAGE)


async def find_scenario(request: Request, params: Params, value: Any) -> Option | None:
    """One scenario by its id; None when it is gone."""
    wanted = read_id(value) if isinstance(value, str) else None
    if wanted is None:
        return None
    async with request.db() as db:
        rows = await scenarios.choices(db, request.who, search="", limit=1, offset=0, only=wanted)
    return next(iter(await _options(request, rows)), None)


async def offer_calendars(request: Request, params: Params, search: str, page: int) -> Options:
    """The working calendars of the workspace; there are few, so one page holds them."""
    async with request.db() as db:
        rows = await calendars.list_calendars(db, request.who)
    found = [Option(str(row.id), row.name) for row in rows if search.lower() in row.name.lower()]
    return Options(found if page == 1 else [])


async def find_calendar(request: Request, params: Params, value: Any) -> Option | None:
    """One calendar by its id; None when it is gone."""
    offered = await offer_calendars(request, params, "", 1)
    return next((one for one in offered.items if one.value == value), None)


LISTS: dict[str, tuple[Offer, Find]] = {
    "scenario": (offer_scenarios, find_scenario),
    "calendar": (offer_calendars, find_calendar),
    "record_type": (offer_types, find_type),
    "record_field": (offer_fields, find_field),
    "record_stage": (offer_stages, find_stage),
}
"""By field kind: a page of the list, and one of it by its value."""


async def _options(request: Request, rows: list[Choice]) -> list[Option]:
    published = [row.version_id for row in rows if row.version_id is not None]
    async with request.db() as db:
        graphs = await scenarios.graphs_of(db, request.who, published) if published else {}
    return [_option(request, row, graphs) for row in rows]


def _option(request: Request, row: Choice, graphs: dict[UUID, dict[str, Any]]) -> Option:
    title = row.title or say("scenario_untitled", request.locale).message
    if row.version_id is None:
        return Option(str(row.id), title, say("scenario_unpublished_note", request.locale).message)
    by_hand = any(_starts_by_hand(request, node) for node in graphs.get(row.version_id, {}).get("nodes", []))
    note = "" if by_hand else say("scenario_not_by_hand_note", request.locale).message
    return Option(str(row.id), title, note)


def _starts_by_hand(request: Request, node: dict[str, Any]) -> bool:
    found = request.catalog.get(str(node.get("type")))
    return found is not None and found.start == "manual" and not node.get("disabled")
