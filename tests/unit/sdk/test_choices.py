"""Dynamic lists: what a plugin's function may answer, and what it is given."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import pytest

from potok.sdk import Ctx, Field, NodeType, Option, Options, RunInfo, action
from potok.sdk.choices import MOST, ask_options
from potok.sdk.testing import fake_http


def ctx() -> Ctx:
    return Ctx(run=RunInfo(id=""), node_id="", effect_key="", http=fake_http(), now=lambda: datetime.now(UTC))


def node_with(function: Callable[..., Any]) -> NodeType:
    @action("test.choose")
    async def choose(folder: str, limit: Annotated[int, Field(title="Limit")] = 3, item: str = "") -> None:
        """Choose."""

    choose.options("item")(function)
    return choose.build()


async def ask(function: Callable[..., Any], params: dict[str, Any] | None = None, **more: Any) -> Options:
    return await ask_options(node_with(function), "item", ctx(), params or {}, **more)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (["a", 2], [Option("a", "a"), Option(2, "2")]),
        ([("a", "First"), {"value": 2, "title": "Second"}], [Option("a", "First"), Option(2, "Second")]),
        ([Option("a", "First")], [Option("a", "First")]),
        ({"a": "First"}, [Option("a", "First")]),
        ([], []),
    ],
)
async def test_every_plain_way_to_answer_is_understood(answer: Any, expected: list[Option]) -> None:
    async def function() -> Any:
        return answer

    assert await ask(function) == Options(expected)


async def test_a_function_gets_what_it_asks_for() -> None:
    seen: dict[str, Any] = {}

    async def function(ctx: Ctx, folder: str, limit: int, search: str, page: int) -> Options:
        seen.update(folder=folder, limit=limit, search=search, page=page, moment=ctx.now())
        return Options(["x"], more=True)

    found = await ask(function, {"folder": "in", "limit": "7"}, search="ab", page=2)
    assert found == Options([Option("x", "x")], more=True)
    assert {key: seen[key] for key in ("folder", "limit", "search", "page")} == {
        "folder": "in",
        "limit": 7,
        "search": "ab",
        "page": 2,
    }


async def test_settings_that_are_missing_wrong_or_pills_come_as_their_default() -> None:
    seen: list[tuple[Any, Any]] = []

    def function(folder: Any, limit: Any) -> list[str]:
        seen.append((folder, limit))
        return []

    for params in ({}, {"folder": {"$ref": ["hook", "x"]}, "limit": "many"}, {"folder": {"$text": ["a"]}}):
        await ask(function, params)
    assert seen == [(None, 3)] * 3


async def test_an_endless_answer_is_cut_into_a_page() -> None:
    found = await ask(lambda: [str(number) for number in range(MOST + 1)])
    assert (len(found.items), found.more) == (MOST, True)


async def test_an_answer_that_is_no_list_is_a_fault_of_the_plugin() -> None:
    with pytest.raises(TypeError, match="must be a list"):
        await ask(lambda: "abc")
    with pytest.raises(KeyError):
        await ask_options(node_with(list), "folder", ctx(), {})
