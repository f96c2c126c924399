"""What steps ask of records: each change once by its key, fenced by the claim, refused without a trace."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from tests.bench.seed import PURE_GRAPH, Seeded, seed
from uuid_utils.compat import uuid7

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.adapters.store_postgres.connection import Pool
from potok.adapters.store_postgres.records import Webs
from potok.engine.ports import ClaimedRun, NewEvent, NewRun
from potok.engine.questions import Asking, NotOurs
from potok.migrate import async_url
from potok.people.models import Role
from potok.people.service import Caller
from potok.records.service import types
from potok.records.service.packs import install_pack
from potok.records.service.types import NewField
from potok.sdk.records import (
    AddItems,
    ChangeRecord,
    CreateRecord,
    DeleteRecord,
    FindRecords,
    GetRecord,
    RecordQuestion,
    RecordRefused,
    UpsertRecord,
)


@dataclass
class Desk:
    """A store with the CRM pack, and runs that ask."""

    store: PostgresStore
    place: Seeded
    pool: Pool

    async def runs(self, count: int) -> list[ClaimedRun]:
        """Claimed runs."""
        place = self.place
        made = [
            NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook") for _ in range(count)
        ]
        await self.store.ingest(
            [NewEvent(uuid7(), place.workspace_id, "test", "", None, b"{}", b"[]", [run]) for run in made]
        )
        return await self.store.claim("A", 30.0, count, [run.id for run in made])

    async def ask(self, run: ClaimedRun, question: RecordQuestion, key: str = "step:0", claim: int = 0) -> Any:
        """The answer to a step of the run."""
        place = (run.run_id, claim or run.claim, run.workspace_id, run.scenario_id)
        return await self.store.remember(Asking(f"{run.run_id}:{key}", *place, question))

    async def count(self, key: str) -> int:
        """Records of a type."""
        query = "SELECT count(*) FROM record r JOIN object_type t ON t.id = r.type_id WHERE t.key = $1"
        found: int = await self.pool.fetchval(query, key)
        return found


@pytest_asyncio.fixture
async def desk(fresh_database_url: str) -> AsyncIterator[Desk]:
    """Contacts may also have several friends."""
    engine = create_async_engine(async_url(fresh_database_url), poolclass=pool.NullPool)
    connections = await engine_pool(fresh_database_url)
    place = await seed(fresh_database_url, PURE_GRAPH)
    caller = Caller(place.workspace_id, Role.OWNER, api_key_name="test")
    async with AsyncSession(engine) as db, db.begin():
        await install_pack(db, caller, "crm")
        friends = NewField("friends", "relation", {"en": "Friends"}, {"target": "contact", "many": True})
        await types.add_field(db, caller, "contact", friends)
    yield Desk(PostgresStore(connections, None, Webs(engine)), place, connections)
    await connections.close()
    await engine.dispose()


async def test_a_step_that_is_repeated_creates_once_also_at_the_same_time(desk: Desk) -> None:
    [run] = await desk.runs(1)
    wanted = CreateRecord("contact", {"name": "Anna", "source": "Web site"})
    told = await asyncio.gather(*(desk.ask(run, wanted) for _ in range(5)))
    assert len({one["id"] for one in told}) == await desk.count("contact") == 1
    assert (told[0]["title"], told[0]["source"], told[0]["shown"]["source"]) == ("Anna", "site", "Web site")
    actor = await desk.pool.fetchval("SELECT actor FROM record_change")
    assert f'"run": "{run.run_id}"' in actor
    assert '"depth": 1' in actor


async def test_a_run_that_was_taken_away_changes_nothing(desk: Desk) -> None:
    [run] = await desk.runs(1)
    with pytest.raises(NotOurs):
        await desk.ask(run, CreateRecord("contact", {"name": "Anna"}), claim=run.claim + 1)
    assert await desk.count("contact") == 0


async def test_what_is_refused_leaves_no_answer_so_the_next_try_may_succeed(desk: Desk) -> None:
    [run] = await desk.runs(1)
    with pytest.raises(RecordRefused) as refused:
        await desk.ask(run, CreateRecord("contact", {"phone": "12"}))
    assert refused.value.code == "record.value.not_phone"
    with pytest.raises(RecordRefused) as refused:
        await desk.ask(run, CreateRecord("contact", {}))
    assert (refused.value.code, refused.value.params["field_ru"]) == ("record.value.required", "Имя")
    assert (await desk.ask(run, CreateRecord("contact", {"name": "Anna"})))["name"] == "Anna"


async def test_relations_are_added_to_or_pointed_anew(desk: Desk) -> None:
    [run] = await desk.runs(1)
    made = [await desk.ask(run, CreateRecord("contact", {"name": name}), name) for name in ("A", "B", "C")]
    a, b, c = (one["id"] for one in made)
    for number, friend in enumerate((b, c, b)):
        known = await desk.ask(run, ChangeRecord("contact", a, {"friends": friend}, add=True), f"add{number}")
    assert known["friends"] == [b, c]
    deal = await desk.ask(run, CreateRecord("deal", {"title": "D", "contact": b}), "deal")
    deal = await desk.ask(run, ChangeRecord("deal", deal["id"], {"contact": c}, add=True), "turn")
    assert deal["contact"] == c


async def test_records_are_read_as_they_are_and_those_in_the_trash_are_not_there(desk: Desk) -> None:
    [run] = await desk.runs(1)
    anna = await desk.ask(run, CreateRecord("contact", {"name": "Anna", "agrees": "yes"}), "a")
    await desk.ask(run, CreateRecord("contact", {"name": "anna", "agrees": "no"}), "b")
    found = await desk.ask(run, FindRecords("contact", {"name": "ANNA"}, 5))
    assert [one["name"] for one in found] == ["anna", "Anna"]
    assert await desk.ask(run, FindRecords("contact", {"agrees": True, "phone": None}, 5)) == [anna]
    assert await desk.ask(run, GetRecord("contact", anna["id"])) == anna
    await desk.ask(run, DeleteRecord("contact", anna["id"]), "c")
    assert await desk.ask(run, GetRecord("contact", anna["id"])) is None
    assert await desk.ask(run, GetRecord("contact", "no id")) is None
    for question, code in (
        (DeleteRecord("contact", anna["id"]), "record.not_found"),
        (ChangeRecord("contact", "no id", {}), "record.not_found"),
        (FindRecords("boat", {}), "record.type_not_found"),
        (FindRecords("contact", {"colour": 1}), "record.no_such_field"),
        (UpsertRecord("contact", {}, {}), "record.nothing_to_find_by"),
        (AddItems("line_item", "colour", anna["id"], []), "record.no_such_field"),
        (AddItems("line_item", "deal", anna["id"], [{"product": "Sand"}]), "record.value.no_such_record"),
    ):
        with pytest.raises(RecordRefused) as refused:
            await desk.ask(run, question, "d")
        assert refused.value.code == code


async def test_runs_that_add_up_the_same_item_at_once_lose_nothing(desk: Desk) -> None:
    runs = await desk.runs(12)
    await desk.ask(runs[0], CreateRecord("product", {"name": "Sand", "price": "0.10", "vat": "v20"}), "p")
    deal = await desk.ask(runs[0], CreateRecord("deal", {"title": "D"}), "d")
    twice: list[dict[str, Any]] = [{"product": "sand", "quantity": "0.5"}, {"product": "Sand", "quantity": 1}]
    add = AddItems("line_item", "deal", deal["id"], twice, "sum")
    await asyncio.gather(*(desk.ask(run, add) for run in runs))
    [item] = await desk.ask(runs[0], FindRecords("line_item", {"deal": deal["id"]}, 5))
    assert (item["quantity"], item["name"], item["vat"], item["sum"]["amount"]) == (18, "Sand", "v20", "1.8")
    kept = await desk.ask(runs[0], GetRecord("deal", deal["id"]))
    assert kept["items_sum"] == {"amount": "1.8", "currency": "RUB"}


async def test_runs_that_look_for_the_same_unique_value_at_once_share_one_record(desk: Desk) -> None:
    runs = await desk.runs(10)
    up = UpsertRecord("company", {"inn": "7707083893"}, {"name": "Bank"})
    told = await asyncio.gather(*(desk.ask(run, up) for run in runs))
    assert sorted(one["created"] for one in told) == [False] * 9 + [True]
    assert len({one["record"]["id"] for one in told}) == await desk.count("company") == 1


async def test_a_field_may_be_called_by_its_name_in_any_language(desk: Desk) -> None:
    [run] = await desk.runs(1)
    made = await desk.ask(run, CreateRecord("contact", {"имя": "Anna", "Phone": "+7 916 123-45-67"}), "a")
    assert (made["name"], made["phone"]) == ("Anna", "+79161234567")
    assert await desk.ask(run, FindRecords("contact", {"Имя": "Anna"})) == [made]
