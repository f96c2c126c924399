"""One subscription keeps every list fresh: at once with Redis, later without, never across workspaces."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import by_hand, hooked
from tests.rooms.house import Api, House, Place, Socket, open_socket, serve
from tests.rooms.test_notices import write
from tests.rooms.test_runs import write_run
from tests.rooms.test_scenarios import publish
from uuid_utils.compat import uuid7

from potok.adapters.live import RUNS
from potok.people import service as people
from potok.people.models import Role
from potok.runs.news import MOST_RUNS, MOST_SCENARIOS, News, NewsBox, NewsHub

WATCH = "subscription { workspaceChanged { scenarioIds runIds notices } }"
HELLO = {"scenarioIds": [], "runIds": [], "notices": False}


async def heard(socket: Socket, within: float = 10) -> dict[str, Any]:
    message = await socket.next(within)
    assert message["type"] == "next", message
    found: dict[str, Any] = message["payload"]["data"]["workspaceChanged"]
    return found


async def watch(socket: Socket) -> None:
    """Subscribe, and wait for the word that nothing is missed any more."""
    await socket.subscribe(WATCH)
    assert await heard(socket) == HELLO


def key(place: Place, role: Role = Role.VIEWER) -> str:
    return f"Bearer {place.keys[role]}"


async def tell_of(redis: Redis, *scenario_ids: str) -> None:
    """What a worker sends, once somebody listens."""
    for _ in range(200):
        if dict(await redis.pubsub_numsub(RUNS)).get(RUNS.encode()):
            break
        await asyncio.sleep(0.02)
    await redis.publish(RUNS, b"".join(UUID(one).bytes for one in scenario_ids))


async def test_a_run_that_goes_on_is_told_at_once(
    house: House, builder: Api, place: Place, db: AsyncSession, redis_url: str
) -> None:
    shown = await publish(builder, hooked())
    run = await write_run(db, shown, place)
    await db.commit()
    async with Redis.from_url(redis_url) as redis, open_socket(house, Authorization=key(place)) as socket:
        await watch(socket)
        await tell_of(redis, shown["id"])
        assert await heard(socket, 2) == {"scenarioIds": [shown["id"]], "runIds": [str(run.id)], "notices": False}


async def test_another_workspace_hears_of_its_own_changes_only(
    house: House, builder: Api, stranger: Api, place: Place, other: Place, db: AsyncSession, redis_url: str
) -> None:
    mine, theirs = await publish(builder, hooked()), await publish(stranger, hooked())
    async with (
        Redis.from_url(redis_url) as redis,
        open_socket(house, Authorization=key(other)) as socket,
        open_socket(house, Authorization=key(place)) as ours,
    ):
        await watch(socket)
        await watch(ours)
        await write(db, place, "for the first workspace")
        await tell_of(redis, mine["id"], str(uuid7()))
        await builder(
            "mutation($id: ID!) { setScenarioEnabled(id: $id, enabled: false) { conflict } }", id=mine["id"]
        )
        assert mine["id"] in (await heard(ours))["scenarioIds"]
        await asyncio.sleep(1)
        await tell_of(redis, theirs["id"])
        assert await heard(socket) == {"scenarioIds": [theirs["id"]], "runIds": [], "notices": False}


async def test_what_people_do_and_read_is_told(house: House, builder: Api, place: Place, db: AsyncSession) -> None:
    shown = await publish(builder, by_hand())
    async with open_socket(house, Authorization=key(place)) as socket:
        await watch(socket)
        await asyncio.sleep(0.6)  # the feed of this process has begun to listen
        off = "mutation($id: ID!) { setScenarioEnabled(id: $id, enabled: false) { conflict } }"
        await builder(off, id=shown["id"])
        assert (await heard(socket))["scenarioIds"] == [shown["id"]]


async def test_a_flood_becomes_two_messages_a_second(
    house: House, builder: Api, place: Place, redis_url: str
) -> None:
    shown = await publish(builder, hooked())
    async with Redis.from_url(redis_url) as redis, open_socket(house, Authorization=key(place)) as socket:
        await watch(socket)
        got = 0

        async def count() -> None:
            nonlocal got
            while True:
                await heard(socket)
                got += 1

        counting = asyncio.create_task(count())
        for _ in range(200):
            await tell_of(redis, shown["id"])
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.6)
        counting.cancel()
        assert 2 <= got <= 8


async def test_without_redis_runs_and_notices_are_told_later(
    builder: Api, place: Place, db: AsyncSession, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("potok.server.news.LOOK", 0.5)
    shown = await publish(builder, hooked())
    async with (
        serve(database_url, "redis://127.0.0.1:1/0") as lonely,
        lonely.api(place.keys[Role.BUILDER]) as api,
        open_socket(lonely, Authorization=key(place)) as socket,
    ):
        await watch(socket)
        await asyncio.sleep(5)  # the channel's patience, then the first look
        run = await write_run(db, shown, place, "queued")
        await db.commit()
        assert await heard(socket) == {"scenarioIds": [shown["id"]], "runIds": [str(run.id)], "notices": False}
        run.status = "succeeded"
        db.add(run)
        await db.commit()
        assert (await heard(socket))["scenarioIds"] == [shown["id"]]
        [notice] = await write(db, place, "a notice")
        assert (await heard(socket))["notices"]
        await api(
            "mutation($id: ID!) { setScenarioEnabled(id: $id, enabled: false) { conflict } }", id=shown["id"]
        )
        assert (await heard(socket, 2))["scenarioIds"] == [shown["id"]]
        await people.mark_notices_read(db, place.callers[Role.OWNER], [notice])
        await db.commit()


async def test_a_box_tells_nothing_twice_and_stays_small() -> None:
    box, scenario = NewsBox(), uuid7()
    for _ in range(3):
        box.put([scenario], [], notices=False)
    assert await box.take() == News(scenario_ids=(scenario,))
    many = [uuid7() for _ in range(1_000)]
    box.put(many, many, notices=True)
    news = await box.take()
    assert news == News(tuple(many[-MOST_SCENARIOS:]), tuple(many[-MOST_RUNS:]), notices=True)


async def test_a_workspace_nobody_watches_costs_nothing() -> None:
    hub, workspace = NewsHub(), uuid7()
    changes: list[frozenset[UUID]] = []
    hub.on_change = lambda: changes.append(hub.watched)
    hub.tell(workspace, scenarios=[uuid7()])
    with hub.watch(workspace), hub.watch(workspace):
        assert hub.watched == {workspace}
    assert changes == [frozenset({workspace}), frozenset()]
