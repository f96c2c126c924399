"""History and live progress: pages that stay cheap, steps from the journal, news with and without Redis."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import event as listen_to
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import by_hand, hooked
from tests.rooms.house import Api, House, Place, Socket, open_socket, serve
from tests.rooms.test_scenarios import DELETE, publish
from uuid_utils.compat import uuid7

from potok.adapters.live import live_channel
from potok.messages.models import OutboxMessage
from potok.people.models import Role
from potok.runs.live import MAILBOX, Hub, Progress, StepState
from potok.runs.models import Event, JournalSegment, Run, RunStatus
from potok.runs.service import steps_of

PAGE = """query($s: ID, $st: [RunStatus!], $n: Int! = 50, $a: String) {
  runs(scenarioId: $s, statuses: $st, first: $n, after: $a) {
    nodes { id status } pageInfo { endCursor hasNextPage } } }"""
DETAIL = """query($id: ID!) { run(id: $id) { id status scenarioTitle endName result
  version { number current } event { kind source payload }
  error { code message fix nodeId field }
  steps { nodeId nodeType title status port attempt input output startedAt waitsUntil
    error { code message } } } }"""
WATCH = """subscription($id: ID!) { runProgress(scenarioId: $id) {
  runId status versionNumber steps { nodeId status port } } }"""


async def write_run(
    db: AsyncSession, shown: dict[str, Any], place: Place, status: str = "succeeded", **more: Any
) -> Run:
    """A run as the engine would have written it."""
    now = datetime.now(UTC)
    happened = Event(
        id=uuid7(),
        workspace_id=place.id,
        kind="webhook",
        source="x",
        payload={"body": {"amount": 5}},
        considered=[],
        created_at=now,
    )
    version = (
        await db.execute(
            text("SELECT id FROM scenario_version WHERE scenario_id = :id"), {"id": UUID(shown["id"])}
        )
    ).scalar_one()
    run = Run(
        id=uuid7(),
        workspace_id=place.id,
        scenario_id=UUID(shown["id"]),
        version_id=version,
        event_id=happened.id,
        entry_node="hook",
        status=status,
        created_at=now,
        finished_at=now if status in ("succeeded", "failed") else None,
        **more,
    )
    db.add_all([happened, run])
    await db.flush()
    return run


def entry(node_id: str, kind: str, state: str, at: int, **more: Any) -> dict[str, Any]:
    """A journal entry."""
    return {"n": node_id, "t": kind, "s": state, "t0": at, **more}


async def test_pages_filter_by_scenario_and_state_without_gaps(
    builder: Api, place: Place, db: AsyncSession
) -> None:
    first, second = await publish(builder, hooked()), await publish(builder, hooked())
    runs = []
    for number in range(12):
        shown = (first, second)[number % 2]
        runs.append(await write_run(db, shown, place, "failed" if number % 3 == 0 else "succeeded"))
    await db.commit()
    newest_first = [str(run.id) for run in reversed(runs)]
    for scenario, statuses in (
        (None, None),
        (first["id"], None),
        (None, ["FAILED"]),
        (second["id"], ["SUCCEEDED", "FAILED"]),
        (None, ["SUCCEEDED", "RUNNING"]),
        (first["id"], ["WAITING"]),
    ):
        expected = [
            str(run.id)
            for run in reversed(runs)
            if (scenario is None or str(run.scenario_id) == scenario)
            and (statuses is None or run.status.upper() in statuses)
        ]
        got: list[str] = []
        after = None
        while True:
            page = (await builder(PAGE, s=scenario, st=statuses, n=2, a=after))["runs"]
            got += [one["id"] for one in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert got == expected
    assert len(newest_first) == len(set(newest_first))


async def test_another_workspace_sees_no_runs(builder: Api, stranger: Api, place: Place, db: AsyncSession) -> None:
    shown = await publish(builder, hooked())
    run = await write_run(db, shown, place)
    await db.commit()
    assert (await stranger(DETAIL, id=str(run.id)))["run"] is None
    assert (await stranger(PAGE))["runs"]["nodes"] == []
    assert (await stranger(PAGE, s=shown["id"]))["runs"]["nodes"] == []
    assert (await stranger(PAGE, s=shown["id"], st=["SUCCEEDED"]))["runs"]["nodes"] == []
    assert (await builder(DETAIL, id="nonsense"))["run"] is None


async def test_a_run_shows_its_steps_its_event_and_its_result(
    builder: Api, place: Place, db: AsyncSession
) -> None:
    shown = await publish(builder, hooked())
    run = await write_run(db, shown, place, end_name="goal", result={"a": 1})
    now = datetime.now(UTC)
    segments = [
        [entry("hook", "webhook.received", "done", 1000, t1=1000, p="out")],
        [entry("note", "data.set_fields", "running", 2000, i={"fields": []})],
        [entry("note", "data.set_fields", "done", 2000, t1=2500, p="out", o={"size": "big"}, a=2)],
    ]
    for seq, entries in enumerate(segments):
        db.add(JournalSegment(run_id=run.id, seq=seq, entries=entries, created_at=now))
    await db.commit()
    found = (await builder(DETAIL, id=str(run.id)))["run"]
    assert (found["endName"], found["result"], found["scenarioTitle"]) == ("goal", {"a": 1}, "Orders")
    assert found["version"] == {"number": 1, "current": True}
    assert found["event"]["payload"] == {"body": {"amount": 5}}
    hook, note = found["steps"]
    assert (hook["nodeId"], hook["output"]) == ("hook", {"body": {"amount": 5}})
    assert (note["status"], note["output"], note["attempt"], note["title"]) == (
        "DONE",
        {"size": "big"},
        2,
        "Set fields",
    )
    assert note["startedAt"].startswith("1970-01-01T00:00:02")


async def test_an_error_is_told_in_the_reader_s_language(
    house: House, builder: Api, place: Place, db: AsyncSession
) -> None:
    shown = await publish(builder, hooked())
    error: dict[str, Any] = {"code": "step_timeout", "message": "old words", "fix": "", "node_id": "note"}
    error |= {"field": "", "details": "", "params": {"type": "data.set_fields"}}
    run = await write_run(db, shown, place, "failed", error=error)
    await db.commit()
    async with house.api(place.keys[Role.VIEWER], **{"Accept-Language": "ru"}) as api:
        told = (await api(DETAIL, id=str(run.id)))["run"]["error"]
    assert told["code"] == "step_timeout"
    assert told["nodeId"] == "note"
    assert told["field"] is None
    assert told["message"] != "old words"
    assert any("а" <= letter <= "я" for letter in told["message"].lower())


def test_steps_stand_in_the_order_they_began_and_skipped_ones_where_they_were_passed() -> None:
    entries = [
        entry("a", "x", "done", 10),
        {"n": "skipped", "t": "x", "s": "skipped"},
        entry("late", "x", "running", 30),
        entry("early", "x", "done", 20),
        entry("late", "x", "waiting", 30, u="2026-01-01T00:00:00+00:00"),
    ]
    steps = steps_of(entries, "a", {"payload": True})
    assert [one.node_id for one in steps] == ["a", "skipped", "early", "late"]
    assert steps[0].output == {"payload": True}
    assert steps[3].waits_until == datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_list_costs_the_same_number_of_queries_however_long(
    house: House, builder: Api, place: Place, db: AsyncSession
) -> None:
    """N+1 would be felt with fifty scenarios, not with two."""
    query = """{ scenarios { nodes { title draftChanged draftEditedBy { name } problems { code } hooks { url }
      runCounts { succeeded failed open } versions { number current publishedBy { name } }
      lastRun { status scenarioTitle version { number } event { kind } } } } }"""
    counts = []
    for more in (2, 6):
        for _ in range(more):
            await write_run(db, await publish(builder, hooked()), place)
        await db.commit()
        # the server's own housekeeping may fall into one of the looks; it does not fall into every one
        counts.append(min([await _statements(db, builder, query) for _ in range(4)]))
    assert counts[0] == counts[1]


async def _statements(db: AsyncSession, api: Api, query: str) -> int:
    """Statements the server ran for a query, as PostgreSQL counts its own transactions' calls."""
    from sqlalchemy.engine import Engine  # all engines of this process, the server's too

    seen: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    listen_to.listen(Engine, "before_cursor_execute", note)
    try:
        await api(query)
    finally:
        listen_to.remove(Engine, "before_cursor_execute", note)
    return len([one for one in seen if one.lstrip().upper().startswith(("SELECT", "WITH"))])


async def test_counts_and_the_last_run_of_a_scenario(builder: Api, place: Place, db: AsyncSession) -> None:
    shown = await publish(builder, hooked())
    for status in ("succeeded", "succeeded", "failed", "queued", "waiting", "running"):
        last = await write_run(db, shown, place, status)
    await db.commit()
    query = "query($id: ID!) { scenario(id: $id) { runCounts { succeeded failed open } lastRun { id } } }"
    found = (await builder(query, id=shown["id"]))["scenario"]
    assert found["runCounts"] == {"succeeded": 2, "failed": 1, "open": 3}
    assert found["lastRun"]["id"] == str(last.id)


async def test_the_outbox_is_paged_and_private(viewer: Api, stranger: Api, place: Place, db: AsyncSession) -> None:
    for number in range(3):
        db.add(
            OutboxMessage(
                id=uuid7(),
                workspace_id=place.id,
                channel="email",
                recipients=["a@example.com"],
                subject=f"letter {number}",
                effect_key=str(uuid7()),
                created_at=datetime.now(UTC),
            )
        )
        await db.flush()
    await db.commit()
    query = """query($a: String) { outbox(first: 2, after: $a) {
      nodes { subject recipients state } pageInfo { endCursor hasNextPage } } }"""
    page = (await viewer(query))["outbox"]
    assert [one["subject"] for one in page["nodes"]] == ["letter 2", "letter 1"]
    assert page["nodes"][0]["state"] == "held"
    rest = (await viewer(query, a=page["pageInfo"]["endCursor"]))["outbox"]
    assert [one["subject"] for one in rest["nodes"]] == ["letter 0"]
    assert (await stranger(query))["outbox"]["nodes"] == []


# --- live


def progress(status: str = "running", run: UUID | None = None, scenario: UUID = UUID(int=1)) -> Progress:
    """News of a run."""
    return Progress(
        run_id=run or uuid7(),
        scenario_id=scenario,
        status=status,
        version=1,
        created_at=datetime.now(UTC),
        steps=(StepState("a", "done", "out"),),
    )


async def test_a_slow_watcher_gets_the_newest_state_and_bounded_memory() -> None:
    hub = Hub()
    with hub.watch(UUID(int=1)) as mailbox:
        run = uuid7()
        for status in ("queued", "running", "succeeded"):
            hub.deliver(progress(status, run))
        for _ in range(MAILBOX * 2):
            hub.deliver(progress())
        taken = await mailbox.take(MAILBOX * 3)
    assert len(taken) == MAILBOX
    assert run not in {one.run_id for one in taken}
    assert hub.watched == frozenset()


async def test_an_ended_run_stays_ended_and_known_news_is_not_repeated() -> None:
    hub = Hub()
    with hub.watch(UUID(int=1)) as mailbox:
        ended = progress("succeeded")
        hub.deliver(ended)
        hub.deliver(ended)
        hub.deliver(progress("running", ended.run_id))
        assert [one.status for one in await mailbox.take(10)] == ["succeeded"]


async def test_a_second_watcher_begins_with_the_runs_under_way() -> None:
    hub = Hub()
    with hub.watch(UUID(int=1)):
        going, ended = progress("waiting"), progress("succeeded")
        hub.deliver(going)
        hub.deliver(ended)
        with hub.watch(UUID(int=1)) as second:
            assert await second.take(10) == [going]


def _message(run_id: UUID, status: str) -> str:
    steps = [{"n": "hook", "s": "done", "p": "out"}]
    made = {"run": str(run_id), "status": status, "version": 1, "steps": steps}
    return json.dumps(made | {"created": datetime.now(UTC).isoformat()})


async def _heard(socket: Socket) -> dict[str, Any]:
    message = await socket.next()
    assert message["type"] == "next", message
    found: dict[str, Any] = message["payload"]["data"]["runProgress"]
    return found


async def _wait_for_listener(redis: Redis, scenario_id: str) -> None:
    channel = live_channel(scenario_id)
    for _ in range(200):
        if dict(await redis.pubsub_numsub(channel)).get(channel.encode()):
            return
        await asyncio.sleep(0.02)
    pytest.fail("nobody listens to the live channel")


async def test_progress_reaches_the_screen_at_once(
    house: House, builder: Api, place: Place, redis_url: str
) -> None:
    shown = await publish(builder, hooked())
    async with (
        Redis.from_url(redis_url) as redis,
        open_socket(house, Authorization=f"Bearer {place.keys[Role.VIEWER]}") as socket,
    ):
        await socket.subscribe(WATCH, id=shown["id"])
        await _wait_for_listener(redis, shown["id"])
        run_id = uuid7()
        started = asyncio.get_running_loop().time()
        await redis.publish(live_channel(shown["id"]), _message(run_id, "succeeded"))
        heard = await _heard(socket)
        assert asyncio.get_running_loop().time() - started < 1
    assert heard == {
        "runId": str(run_id),
        "status": "SUCCEEDED",
        "versionNumber": 1,
        "steps": [{"nodeId": "hook", "status": "DONE", "port": "out"}],
    }


async def test_without_redis_progress_only_comes_later(
    house: House, builder: Api, place: Place, db: AsyncSession, database_url: str
) -> None:
    shown = await publish(builder, hooked())
    async with (
        serve(database_url, "redis://127.0.0.1:1/0") as lonely,
        open_socket(lonely, Authorization=f"Bearer {place.keys[Role.VIEWER]}") as socket,
    ):
        await socket.subscribe(WATCH, id=shown["id"])
        await asyncio.sleep(0.5)
        run = await write_run(db, shown, place, "queued")
        await db.commit()
        assert (await _heard(socket))["status"] == "QUEUED"
        run.status, run.finished_at = RunStatus.SUCCEEDED, datetime.now(UTC)
        entries = [entry("hook", "webhook.received", "done", 1, p="out")]
        db.add_all([run, JournalSegment(run_id=run.id, seq=0, entries=entries, created_at=datetime.now(UTC))])
        await db.commit()
        heard = await _heard(socket)
        assert (heard["runId"], heard["status"], len(heard["steps"])) == (str(run.id), "SUCCEEDED", 1)


async def test_a_revoked_key_hears_no_more(
    house: House, builder: Api, owner: Api, place: Place, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("potok.server.context.RECHECK", 0.0)
    shown = await publish(builder, hooked())
    async with (
        Redis.from_url(redis_url) as redis,
        open_socket(house, Authorization=f"Bearer {place.keys[Role.VIEWER]}") as socket,
    ):
        await socket.subscribe(WATCH, id=shown["id"])
        await _wait_for_listener(redis, shown["id"])
        keys = (await owner("{ apiKeys { id name } }"))["apiKeys"]
        mine = next(key["id"] for key in keys if key["name"] == "viewer key")
        await owner("mutation($id: ID!) { revokeApiKey(id: $id) { done } }", id=mine)
        await redis.publish(live_channel(shown["id"]), _message(uuid7(), "running"))
        assert (await socket.next())["type"] == "complete"


async def test_a_deleted_scenario_cannot_be_watched(house: House, builder: Api, place: Place) -> None:
    shown = await publish(builder, by_hand())
    await builder(DELETE, id=shown["id"])
    async with open_socket(house, Authorization=f"Bearer {place.keys[Role.VIEWER]}") as socket:
        await socket.subscribe(WATCH, id=shown["id"])
        assert "scenario_not_found" in json.dumps(await socket.next())
