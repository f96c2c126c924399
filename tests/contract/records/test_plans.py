"""How PostgreSQL goes about a list: it reads one type's rows only, and a large type's indexes fit."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from tests.contract.records.conftest import Office

from potok.records import indexes, reading
from potok.records.query import Sort
from potok.records.reading import Wish
from potok.records.service import pipelines, records, types
from potok.records.service.pipelines import NewPipeline, NewStage
from potok.records.shape import Shape
from potok.server.indexing import look


class Explaining:
    """A connection that tells what it would do."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.plan = ""

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        rows = await self._connection.fetch(f"EXPLAIN {query}", *args)
        self.plan += "\n".join(row[0] for row in rows)
        return []

    async def execute(self, query: str, *args: Any) -> str:
        raise AssertionError("reading writes nothing")


@pytest_asyncio.fixture
async def large(office: Office) -> AsyncIterator[Office]:
    """Two thousand deals in stages, which count as many here, with their indexes."""
    async with office.session() as db, db.begin():
        stages = [NewStage({"en": name}) for name in ("New", "Won")]
        await pipelines.save_pipeline(db, office.caller, "deal", NewPipeline({"en": "Sales"}, stages))
    contact = str(await office.put("contact", name="Anna"))
    for start in (0, 1_000):
        rows = [
            {"title": f"d{n}", "amount": n, "close": f"2026-01-{n % 28 + 1:02}", "contact": contact}
            for n in range(start, start + 1_000)
        ]
        await office.write("deal", *rows)
    async with office.engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.exec_driver_sql("ANALYZE record")
    assert await look(office.engine, 1_000) > 0
    assert await look(office.engine, 1_000) == 0, "what is there is not made again"
    yield office


Ask = Callable[[Any, Shape], Awaitable[Any]]


async def plan_of(office: Office, ask: Ask, *, scans: bool) -> str:
    """The plan; without `scans` PostgreSQL reads whole tables only if nothing else is possible."""
    async with office.session() as db:
        _, shape = await records.shape_of(db, office.caller, "deal")
        connection = await records.raw(db)
        await connection.execute(f"SET LOCAL enable_seqscan = {'on' if scans else 'off'}")
        explaining = Explaining(connection)
        await ask(explaining, shape)
    return explaining.plan


def rule(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"rules": [{"field": field, "op": op, "value": value}]}


async def test_a_list_reads_the_rows_of_its_type_only(large: Office) -> None:
    plan = await plan_of(large, lambda db, shape: reading.page(db, shape, Wish(), 50), scans=True)
    tables = set(re.findall(r" on (record_[0-9a-f]{32})", plan))
    assert len(tables) == 1, plan


@pytest.mark.parametrize(
    ("key", "wish"),
    [
        ("amount", Wish(rule("amount", "gte", 1_990))),
        ("amount", Wish(None, [Sort("amount", True)])),
        ("close", Wish(rule("close", "gte", "2026-01-28"))),
        ("close", Wish(None, [Sort("close")])),
        ("contact", Wish(rule("contact", "eq", "01900000-0000-7000-8000-000000000000"))),
        ("total", Wish(rule("total", "gt", 5))),
    ],
)
async def test_filters_and_sorts_of_a_large_type_use_its_indexes(large: Office, key: str, wish: Wish) -> None:
    async with large.session() as db:
        _, shape = await records.shape_of(db, large.caller, "deal")

    async def ask(db: Any, shape: Shape) -> Any:
        return await (reading.page(db, shape, wish, 50) if wish.sorts else reading.sums(db, shape, wish))

    plan = await plan_of(large, ask, scans=False)
    assert f"rx_{shape.fields[key].id.hex}" in plan, plan


async def test_a_column_of_the_board_comes_from_the_index_of_stages(large: Office) -> None:
    wish = Wish(rule("stage", "eq", "New"))
    plan = await plan_of(large, lambda db, shape: reading.page(db, shape, wish, 20), scans=False)
    assert "->> 'stage'" in plan.split("Index Cond:")[1].split("\n")[0], plan


async def test_the_search_over_everything_comes_from_the_index_of_words(large: Office) -> None:
    workspace = large.caller.workspace_id
    plan = await plan_of(large, lambda db, shape: reading.search(db, workspace, "d77", 20), scans=False)
    assert "search_idx" in plan.split("Index Cond: (search @@")[0], plan


async def test_a_field_put_away_takes_its_index_along(large: Office) -> None:
    async with large.session() as db, db.begin():
        await types.archive_field(db, large.caller, "deal", "vip")
        await types.archive_field(db, large.caller, "deal", "close")
        _, shape = await records.shape_of(db, large.caller, "deal")
    await look(large.engine, 1_000)
    rows = await large.fetch("SELECT indexname FROM pg_indexes WHERE tablename = $1", indexes.partition(shape))
    assert {one.name for one in indexes.wanted(shape)} == {row[0] for row in rows if row[0].startswith("rx_")}
