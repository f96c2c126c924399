"""Large values in the history: shown if of middle size, else their beginning and a link."""

import json
import os
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import hooked
from tests.rooms.house import Api, House, Place
from tests.rooms.test_runs import DETAIL
from tests.rooms.test_scenarios import publish
from uuid_utils.compat import uuid7

from potok.adapters.larges import Larges
from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.adapters.store_postgres.blobs import PostgresBlobs
from potok.engine.ports import Checkpoint, NewEvent, NewRun

MIDDLE = "m" * 100_000
HUGE = "ы" * 400_000


@pytest.fixture
async def store(house: House) -> AsyncIterator[PostgresStore]:
    """What a worker of the served Potok writes with."""
    pool = await engine_pool(house.settings.database_url)
    yield PostgresStore(pool, Larges(PostgresBlobs(pool)))
    await pool.close()


async def ran(db: AsyncSession, store: PostgresStore, place: Place, shown: dict[str, Any], body: str) -> UUID:
    """A run over a payload, with one step that gave it on."""
    version = await _version(db, shown)
    run = NewRun(uuid7(), place.id, UUID(shown["id"]), version, "hook")
    payload = json.dumps({"body": body}).encode()
    await store.ingest([NewEvent(uuid7(), place.id, "webhook", "x", None, payload, b"[]", [run])])
    (claimed,) = await store.claim("A", 30, 1, [run.id])
    entries = [
        {"n": "hook", "t": "webhook.received", "s": "done", "p": "out", "t0": 1},
        {
            "n": "note",
            "t": "data.text",
            "s": "done",
            "p": "out",
            "i": {"text": body},
            "o": {"text": body},
            "t0": 2,
        },
    ]
    made = Checkpoint(
        run.id, claimed.claim, place.id, UUID(shown["id"]), keep=False, status="succeeded", finished=True,
        entries=json.dumps(entries).encode(), result=json.dumps(body).encode(), steps=2, had_large=True,
    )  # fmt: skip
    assert (await store.commit([made], 30))[0].written
    return run.id


async def _version(db: AsyncSession, shown: dict[str, Any]) -> UUID:
    query = text("SELECT published_version_id FROM scenario WHERE id = :id")
    found: UUID = (await db.execute(query, {"id": UUID(shown["id"])})).scalar_one()
    return found


async def test_a_value_of_middle_size_is_shown_whole(
    builder: Api, place: Place, db: AsyncSession, store: PostgresStore
) -> None:
    run_id = await ran(db, store, place, await publish(builder, hooked()), MIDDLE)
    found = (await builder(DETAIL, id=str(run_id)))["run"]
    assert found["event"]["payload"] == {"body": MIDDLE}
    assert found["result"] == MIDDLE
    assert found["steps"][1]["input"] == {"text": MIDDLE}
    assert found["steps"][1]["output"] == {"text": MIDDLE}


async def test_a_larger_one_is_shown_as_its_beginning_with_a_link_to_the_whole(
    builder: Api, viewer: Api, place: Place, db: AsyncSession, store: PostgresStore
) -> None:
    run_id = await ran(db, store, place, await publish(builder, hooked()), HUGE)
    found = (await viewer(DETAIL, id=str(run_id)))["run"]
    for shown in (
        found["event"]["payload"]["body"],
        found["result"],
        found["steps"][0]["output"]["body"],
        found["steps"][1]["input"]["text"],
        found["steps"][1]["output"]["text"],
    ):
        assert shown["bytes"] == len(HUGE.encode()) + 2
        assert shown["head"] == HUGE[:200]
        answer = await viewer.client.get(shown["url"], headers=viewer.headers)
        assert answer.status_code == 200
        assert answer.json() == HUGE


async def test_a_large_value_comes_as_an_attachment_that_no_browser_runs_and_sets_no_cookie(
    builder: Api, place: Place, db: AsyncSession, store: PostgresStore
) -> None:
    run_id = await ran(db, store, place, await publish(builder, hooked()), HUGE)
    url = (await builder(DETAIL, id=str(run_id)))["run"]["result"]["url"]
    answer = await builder.client.get(url, headers=builder.headers)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    foreign = await builder.client.get(url, headers=builder.headers | {"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403


async def test_nobody_else_gets_a_large_value(
    builder: Api, nobody: Api, stranger: Api, place: Place, db: AsyncSession, store: PostgresStore
) -> None:
    shown = await publish(builder, hooked())
    run_id = await ran(db, store, place, shown, HUGE)
    url = (await builder(DETAIL, id=str(run_id)))["run"]["result"]["url"]
    assert (await nobody.client.get(url)).status_code == 401
    assert (await stranger.client.get(url, headers=stranger.headers)).status_code == 404
    theirs = await publish(stranger, hooked())
    sha = url.rpartition("/")[2]
    for wrong in (
        f"/blobs/{theirs['id']}/{sha}",
        f"/blobs/{run_id}/{'00' * 32}",
        "/blobs/x/y",
        f"/blobs/{run_id}/y",
    ):
        assert (await stranger.client.get(wrong, headers=stranger.headers)).status_code == 404


async def test_a_value_beyond_the_budget_says_so_and_shows_its_beginning(
    house: House, builder: Api, place: Place, db: AsyncSession
) -> None:
    pool = await engine_pool(house.settings.database_url)
    store = PostgresStore(pool, Larges(PostgresBlobs(pool, budget=0)))
    run_id = await ran(db, store, place, await publish(builder, hooked()), HUGE)
    await pool.close()
    result = (await builder(DETAIL, id=str(run_id)))["run"]["result"]
    assert result["cut"] is True
    assert result["bytes"] == len(HUGE.encode()) + 2
    assert HUGE[:900] in result["head"]
    assert "url" not in result


BUDGET = """mutation($id: ID!, $mb: Int) { setScenarioBudget(id: $id, megabytes: $mb) {
  scenario { storage { usedMegabytes budgetMegabytes ownBudget } } problems { code } } }"""


async def test_a_scenarios_own_budget_takes_effect_and_its_use_is_shown(
    owner: Api, builder: Api, place: Place, db: AsyncSession, store: PostgresStore
) -> None:
    shown = await publish(builder, hooked())
    assert await builder.refused(BUDGET, id=shown["id"], mb=0) == "forbidden"
    await ran(db, store, place, shown, os.urandom(40_000).hex())
    answer = (await owner(BUDGET, id=shown["id"], mb=0))["setScenarioBudget"]
    storage = answer["scenario"]["storage"]
    assert storage["ownBudget"] is True
    assert storage["budgetMegabytes"] == 0
    assert 0 < storage["usedMegabytes"] < 0.1
    run_id = await ran(db, store, place, shown, HUGE)
    assert (await builder(DETAIL, id=str(run_id)))["run"]["result"]["cut"] is True
    answer = (await owner(BUDGET, id=shown["id"], mb=None))["setScenarioBudget"]
    assert answer["scenario"]["storage"]["budgetMegabytes"] == 1024
    other = await ran(db, store, place, shown, HUGE + "!")
    assert "url" in (await builder(DETAIL, id=str(other)))["run"]["result"]
    wrong = (await owner(BUDGET, id=shown["id"], mb=-1))["setScenarioBudget"]
    assert [problem["code"] for problem in wrong["problems"]] == ["budget_negative"]


async def test_data_that_looks_like_a_link_is_shown_as_it_is(
    builder: Api, place: Place, db: AsyncSession, store: PostgresStore
) -> None:
    shown = await publish(builder, hooked())
    run_id = await ran(db, store, place, shown, HUGE)
    pointer = (await builder(DETAIL, id=str(run_id)))["run"]["result"]
    forged = {"$blob": pointer["$blob"], "bytes": 5, "head": "x"}
    version = await _version(db, shown)
    run = NewRun(uuid7(), place.id, UUID(shown["id"]), version, "hook")
    payload = json.dumps({"body": forged}).encode()
    await store.ingest([NewEvent(uuid7(), place.id, "webhook", "x", None, payload, b"[]", [run])])
    found = (await builder(DETAIL, id=str(run.id)))["run"]
    assert found["event"]["payload"] == {"body": forged}
