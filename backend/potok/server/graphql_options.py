"""Dynamic lists of the inspector: asks a plugin what a field may be, and says in words when it cannot tell."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import strawberry
from strawberry.scalars import JSON

from potok.calendars.read import almanac_of
from potok.gql import Info, Problem, query, told
from potok.graph.almanac import Almanac
from potok.people.service import Permission
from potok.problems import Problem as Wrong
from potok.problems import Severity
from potok.request import Request
from potok.sdk.choices import Options, ask_options
from potok.sdk.ctx import Ctx, RunInfo
from potok.sdk.node import NodeType
from potok.sdk.outcome import AuthExpired, NodeError, Retry, UserError
from potok.server.option_lists import LISTS, Find, Offer, Params
from potok.words import DEFAULT, Words, ended, say

log = logging.getLogger("potok.server")

PATIENCE = 15.0
"""Seconds a person waits for a list, whatever the block's own time limit is."""
MOST_PAGES = 10_000
LONGEST_SEARCH = 200
PAGES_SOUGHT = 5
"""Pages of a plugin's list looked through for one value."""


@strawberry.type
class NodeOption:
    """One thing to choose: `value` goes into the settings, `title` is what people see.

    `note`: a remark beside it: why it cannot be used now, say.
    """

    value: JSON
    title: str
    note: str


@strawberry.type
class NodeOptions:
    """A page of options, or why there are none. `hasMore`: the next page brings others."""

    options: list[NodeOption]
    has_more: bool
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class OptionsProblem:
    """What a plugin says is wrong, in the reader's language where the plugin has words for it."""

    error: UserError
    node_type: str
    severity: Severity = "error"
    node_id: str | None = None

    @property
    def code(self) -> str:
        """The plugin's code."""
        return self.error.code or "options_refused"

    @property
    def path(self) -> tuple[str, ...]:
        """The setting it is about."""
        return ("params", *self.error.field.split(".")) if self.error.field else ("params",)

    def words(self, locale: str = DEFAULT, labels: Any = None) -> Words:
        """The plugin's own words, else Potok's for its code, else as the error was raised."""
        error = self.error
        own = labels.error_words(self.node_type, error.code, error.params, locale) if labels is not None else None
        if own is None and error.code:
            try:
                own = say(f"plugins.{error.code}", locale, **error.params)
            except KeyError:
                own = None
        return own if own is not None else ended(error.message, error.fix)


@strawberry.type
class OptionsQuery:
    """Root fields about dynamic lists."""

    @query(Permission.BUILD)
    async def node_options(
        self,
        info: Info,
        type: str,
        field: str,
        params: JSON | None = None,
        search: str = "",
        page: int = 1,
        value: JSON | None = None,
    ) -> NodeOptions:
        """What a field of a block may be, asked of its plugin; scenarios and the like of Potok itself.

        `params`: the settings so far; `page` counts from 1. `value`: only the option with this value; none, with
        `hasMore` false, tells that it is gone. Such fields carry `x-options: true` in the JSON Schema of the
        block's settings.
        """
        request = info.context
        node = request.catalog.get(type)
        given: dict[str, Any] = params if isinstance(params, dict) else {}
        search, page = search.strip()[:LONGEST_SEARCH], max(1, min(page, MOST_PAGES))
        if node is not None and (own := _own_list(node, field)) is not None:
            return _shown(await _of_potok(request, own, given, search, page, value))
        if node is None or field not in node.options:
            return _refused(
                request, Wrong("options_unknown", {"field": field[:100], "type": type[:100]}, ("field",))
            )
        async with request.db() as db:
            almanac = await almanac_of(db, request.who.workspace_id)
            await db.commit()  # the plugin may take seconds; no connection of the database waits with it
        ask = partial(ask_options, node, field, _ctx(request, node, almanac), given)
        try:
            async with asyncio.timeout(min(node.timeout, PATIENCE)) as limit:
                found = await (ask(search=search, page=page) if value is None else _sought(ask, value))
        except Exception as error:
            late = isinstance(error, TimeoutError) and limit.expired()
            return _refused(request, _problem(error, node, late=late))
        return _shown(found)


def _own_list(node: NodeType, field: str) -> tuple[Offer, Find] | None:
    """The list Potok keeps for fields of that kind, unless the plugin offers one."""
    place = node.input_schema.get("properties", {}).get(field, {})
    return None if field in node.options else LISTS.get(place.get("x-kind", ""))


async def _of_potok(
    request: Request, own: tuple[Offer, Find], params: Params, search: str, page: int, value: Any
) -> Options:
    offer, find = own
    if value is None:
        return await offer(request, params, search, page)
    found = await find(request, params, value)
    return Options([] if found is None else [found])


async def _sought(ask: Callable[..., Awaitable[Options]], value: Any) -> Options:
    """The option with this value, from the first pages of a plugin's list. `more`: it may stand further back."""
    for page in range(1, PAGES_SOUGHT + 1):
        found = await ask(search="", page=page)
        here = [item for item in found.items if item.value == value]
        if here or not found.more:
            return Options(here)
    return Options(more=True)


def _ctx(request: Request, node: NodeType, almanac: Almanac) -> Ctx:
    """Of no run: what it would write into the Outbox or the inbox is thrown away."""
    run = RunInfo(id="", workspace_id=str(request.who.workspace_id))
    http, now = request.http(node.net), lambda: datetime.now(UTC)
    return Ctx(run=run, node_id="", effect_key="", http=http, now=now, calendars=almanac)


def _problem(error: Exception, node: NodeType, *, late: bool) -> Wrong | OptionsProblem:
    if late:
        return Wrong("options_slow", {}, ("field",))
    if isinstance(error, UserError):
        return OptionsProblem(error, node.id)
    if isinstance(error, AuthExpired):
        return Wrong("options_auth", {}, ("field",))
    if isinstance(error, Retry):
        return Wrong("options_away", {}, ("field",))
    assert not isinstance(error, NodeError), "every kind of NodeError has its words above"
    log.error("the options of %s failed in plugin %s", node.id, node.plugin, exc_info=error)
    shown = f"{type(error).__name__}: {error}"[:300]
    return Wrong("options_fault", {"plugin": node.plugin, "error": shown}, ("field",))


def _shown(found: Options) -> NodeOptions:
    options = [NodeOption(value=JSON(item.value), title=item.title, note=item.note) for item in found.items]
    return NodeOptions(options=options, has_more=found.more, problems=[])


def _refused(request: Request, problem: Wrong | OptionsProblem) -> NodeOptions:
    return NodeOptions(options=[], has_more=False, problems=[told(problem, request)])
