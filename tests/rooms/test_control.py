"""Cancel, pause and resume in every state, and the question about an unknown outcome; with a real worker."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import UUID

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import fields, graph, node
from tests.rooms.house import Api, House, Place
from tests.rooms.test_scenarios import DELETE, publish

from potok.server.worker import work
from potok.settings import Settings

RUN = """query($id: ID!) { run(id: $id) { id status error { code } finishedAt
  controls { action by } steps { nodeId status attempt output error { code } } } }"""
START = "mutation($id: ID!) { runNow(id: $id) { runId problems { code } } }"
CONTROL = """mutation($id: ID!) { %s(id: $id) { run { id status } problems { code } } }"""
EFFECTS = """query($id: ID, $state: EffectState, $n: Int! = 50, $a: String) {
  effects(runId: $id, state: $state, first: $n, after: $a) {
    nodes { key runId nodeId preview state attempts answer answeredBy receipt }
    pageInfo { endCursor hasNextPage } } }"""
COUNT = "query($f: OpenRuns!) { openRunCount(filter: $f) }"
BULK = "mutation($f: OpenRuns!) { cancelRuns(filter: $f) { cancelled left problems { code } } }"


@dataclass
class OtherSide:
    """A server that keeps its callers waiting until told."""

    url: str = ""
    calls: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    called: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request, wait, answer."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.calls.append(head.split(" ")[0])
            self.called.set()
            await self.gate.wait()
            body = b'{"ok": true}'
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + str(len(body)).encode()
                + b"\r\n\r\n"
                + body
            )
            await writer.drain()
        writer.close()


@pytest_asyncio.fixture(loop_scope="session")
async def other_side() -> AsyncIterator[OtherSide]:
    """A slow receiver."""
    side = OtherSide()
    server = await asyncio.start_server(side.serve, "127.0.0.1", 0)
    side.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    yield side
    side.gate.set()
    server.close()
    await server.wait_closed()


@dataclass
class Works:
    """A worker that can be started, stopped and killed."""

    settings: Settings
    task: asyncio.Task[None] | None = None
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Begin to work."""
        self.stopped = asyncio.Event()
        self.task = asyncio.create_task(work(self.settings, self.stopped))

    async def stop(self) -> None:
        """End gently."""
        if self.task is not None:
            self.stopped.set()
            await self.task
            self.task = None


@pytest_asyncio.fixture(loop_scope="session")
async def worker(house: House) -> AsyncIterator[Works]:
    """Not started yet."""
    settings = house.settings.model_copy(update={"allow_private_hosts": "127.0.0.1", "lease_seconds": 2.0})
    found = Works(settings)
    yield found
    await found.stop()


def calling(url: str, method: str = "POST") -> dict[str, Any]:
    """By hand, then a call outside, then set fields."""
    return graph(
        node("start", "manual.started"),
        node("call", "http.request", url=url, method=method),
        node("done", "data.set_fields", fields=fields(done=True)),
        edges=[("start", "out", "call"), ("call", "out", "done")],
    )


def waiting(seconds: int = 3600) -> dict[str, Any]:
    """By hand, then wait, then set fields."""
    return graph(
        node("start", "manual.started"),
        node("hold", "flow.wait", duration={"amount": seconds, "unit": "seconds"}),
        node("done", "data.set_fields", fields=fields(done=True)),
        edges=[("start", "out", "hold"), ("hold", "out", "done")],
    )


async def started(api: Api, shown: dict[str, Any]) -> str:
    """A run."""
    return str((await api(START, id=shown["id"]))["runNow"]["runId"])


async def control(api: Api, verb: str, run_id: str) -> str:
    """The new status, or the problem's code."""
    answer = (await api(CONTROL % verb, id=run_id))[verb]
    return str(answer["run"]["status"] if answer["run"] else answer["problems"][0]["code"])


async def becomes(api: Api, run_id: str, status: str, seconds: float = 10.0) -> dict[str, Any]:
    """The run, once it has this status."""
    async with asyncio.timeout(seconds):
        while (run := (await api(RUN, id=run_id))["run"])["status"] != status:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return dict(run)


async def _receipt(api: Api, run_id: str) -> None:
    async with asyncio.timeout(5):
        while (await api(EFFECTS, id=run_id))["effects"]["nodes"][0]["state"] != "DONE":  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_queued_run_is_paused_resumed_and_cancelled_before_anybody_takes_it(
    builder: Api, worker: Works
) -> None:
    shown = await publish(builder, waiting(0))
    held, ended = await started(builder, shown), await started(builder, shown)
    assert await control(builder, "pauseRun", held) == "PAUSED"
    assert await control(builder, "pauseRun", held) == "PAUSED", "asking twice changes nothing"
    assert await control(builder, "cancelRun", ended) == "CANCELLED"
    assert await control(builder, "cancelRun", ended) == "CANCELLED"
    worker.start()
    other = await started(builder, shown)
    await becomes(builder, other, "SUCCEEDED")
    assert (await becomes(builder, held, "PAUSED"))["steps"] == []
    began = monotonic()
    assert await control(builder, "resumeRun", held) == "QUEUED"
    run = await becomes(builder, held, "SUCCEEDED")
    assert monotonic() - began < 1, "a resumed run does not wait for the sweep"
    assert [(one["action"], one["by"]) for one in run["controls"]] == [
        ("paused", "builder key"),
        ("resumed", "builder key"),
    ]
    assert (await becomes(builder, ended, "CANCELLED"))["steps"] == []


async def test_a_waiting_run_is_paused_over_its_moment_and_then_goes_on(
    builder: Api, worker: Works, db: AsyncSession
) -> None:
    worker.start()
    run_id = await started(builder, await publish(builder, waiting(1)))
    await becomes(builder, run_id, "WAITING")
    assert await control(builder, "pauseRun", run_id) == "PAUSED"
    timers = await db.execute(text("SELECT state, reason FROM timer WHERE run_id = :id"), {"id": UUID(run_id)})
    assert [tuple(row) for row in timers] == [("cancelled", "run_paused")]
    await asyncio.sleep(1.3)
    await becomes(builder, run_id, "PAUSED")
    assert await control(builder, "resumeRun", run_id) == "RUNNING"
    await becomes(builder, run_id, "SUCCEEDED", 2)


async def test_a_run_resumed_before_its_moment_waits_for_the_same_moment(
    builder: Api, worker: Works, db: AsyncSession
) -> None:
    worker.start()
    run_id = await started(builder, await publish(builder, waiting()))
    await becomes(builder, run_id, "WAITING")
    moment = text("SELECT fire_at, state FROM timer WHERE run_id = :id")
    before = (await db.execute(moment, {"id": UUID(run_id)})).one()
    await control(builder, "pauseRun", run_id)
    await control(builder, "resumeRun", run_id)
    await becomes(builder, run_id, "WAITING")
    await db.rollback()
    after = (await db.execute(moment, {"id": UUID(run_id)})).one()
    assert (after[0], after[1]) == (before[0], "planned")
    assert await control(builder, "cancelRun", run_id) == "CANCELLED"
    await db.rollback()
    assert (await db.execute(moment, {"id": UUID(run_id)})).one()[1] == "cancelled"


async def test_a_run_paused_in_the_middle_of_a_call_keeps_the_receipt_and_never_calls_twice(
    builder: Api, worker: Works, other_side: OtherSide
) -> None:
    worker.start()
    run_id = await started(builder, await publish(builder, calling(other_side.url)))
    await asyncio.wait_for(other_side.called.wait(), 10)
    began = monotonic()
    assert await control(builder, "pauseRun", run_id) == "PAUSED"
    await becomes(builder, run_id, "PAUSED")
    assert monotonic() - began < 1
    other_side.gate.set()
    await _receipt(builder, run_id)
    await becomes(builder, run_id, "PAUSED")
    await control(builder, "resumeRun", run_id)
    run = await becomes(builder, run_id, "SUCCEEDED")
    assert other_side.calls == ["POST"]
    outputs = {step["nodeId"]: step["output"] for step in run["steps"]}
    assert outputs["call"]["body"] == {"ok": True}, "the step's output is what the late receipt says"
    assert outputs["done"] == {"done": True}


async def test_resumed_while_the_call_is_still_out_the_receipt_answers_the_question(
    builder: Api, worker: Works, other_side: OtherSide
) -> None:
    worker.start()
    run_id = await started(builder, await publish(builder, calling(other_side.url)))
    await asyncio.wait_for(other_side.called.wait(), 10)
    await control(builder, "pauseRun", run_id)
    await control(builder, "resumeRun", run_id)
    await becomes(builder, run_id, "UNKNOWN")
    other_side.gate.set()
    await becomes(builder, run_id, "SUCCEEDED", 3)
    assert other_side.calls == ["POST"]


async def test_cancelling_in_the_middle_of_a_call_ends_the_run_at_once_and_keeps_the_receipt(
    builder: Api, worker: Works, other_side: OtherSide
) -> None:
    worker.start()
    run_id = await started(builder, await publish(builder, calling(other_side.url)))
    await asyncio.wait_for(other_side.called.wait(), 10)
    began = monotonic()
    assert await control(builder, "cancelRun", run_id) == "CANCELLED"
    run = await becomes(builder, run_id, "CANCELLED")
    assert monotonic() - began < 1
    assert run["finishedAt"]
    other_side.gate.set()
    await _receipt(builder, run_id)
    await becomes(builder, run_id, "CANCELLED")
    assert await control(builder, "resumeRun", run_id) == "run_over"
    assert await control(builder, "pauseRun", run_id) == "run_over"


async def test_a_run_between_two_tries_is_paused_at_once_and_tries_on_when_resumed(
    builder: Api, worker: Works, house: House
) -> None:
    worker.start()
    nobody_there = "http://127.0.0.1:9/"  # refuses each connection
    run_id = await started(builder, await publish(builder, calling(nobody_there, "GET")))
    await becomes(builder, run_id, "RUNNING")
    assert await control(builder, "pauseRun", run_id) == "PAUSED"
    await asyncio.sleep(0.3)
    await becomes(builder, run_id, "PAUSED")
    await control(builder, "resumeRun", run_id)
    await becomes(builder, run_id, "FAILED", 20)


async def _lost_in_the_act(api: Api, db: AsyncSession, worker: Works, other_side: OtherSide) -> str:
    """A run whose worker died between the call and its receipt."""
    worker.start()
    run_id = await started(api, await publish(api, calling(other_side.url)))
    await asyncio.wait_for(other_side.called.wait(), 10)
    # What a killed worker leaves: an intent, a journal that says "running", a lease that ends. The claim number
    # moves on, as it does when another worker takes the run, so the old one's receipt comes late.
    await db.execute(
        text("UPDATE run_work SET claim = claim + 1, lease_until = now() WHERE run_id = :id"), {"id": UUID(run_id)}
    )
    await db.commit()
    await becomes(api, run_id, "UNKNOWN")
    return run_id


async def test_many_runs_are_counted_first_and_then_ended(
    builder: Api, viewer: Api, stranger: Api, db: AsyncSession
) -> None:
    one, two = await publish(builder, waiting()), await publish(builder, waiting())
    runs = [await started(builder, one) for _ in range(4)]
    kept = await started(builder, two)
    await control(builder, "pauseRun", runs[0])
    here = {"scenarioId": one["id"]}
    assert (await viewer(COUNT, f=here))["openRunCount"] == 4
    assert (await viewer(COUNT, f=here | {"statuses": ["PAUSED", "SUCCEEDED"]}))["openRunCount"] == 1
    assert (await viewer(COUNT, f={}))["openRunCount"] == 5
    assert (await stranger(COUNT, f=here))["openRunCount"] == 0
    assert await viewer.refused(BULK, f=here) == "forbidden"
    assert (await stranger(BULK, f=here))["cancelRuns"] == {"cancelled": 0, "left": 0, "problems": []}
    assert (await builder(BULK, f=here))["cancelRuns"] == {"cancelled": 4, "left": 0, "problems": []}
    assert (await builder(RUN, id=kept))["run"]["status"] == "QUEUED"
    run = (await builder(RUN, id=runs[0]))["run"]
    assert [one["action"] for one in run["controls"]] == ["paused", "cancelled"]


async def test_strangers_and_viewers_control_nothing(
    builder: Api, viewer: Api, stranger: Api, nobody: Api
) -> None:
    run_id = await started(builder, await publish(builder, waiting()))
    for verb in ("pauseRun", "resumeRun", "cancelRun"):
        assert await control(stranger, verb, run_id) == "run_not_found"
        assert await control(builder, verb, "no id") == "run_not_found"
        assert await viewer.refused(CONTROL % verb, id=run_id) == "forbidden"
        assert await nobody.refused(CONTROL % verb, id=run_id) == "unauthenticated"
    assert (await stranger(EFFECTS))["effects"]["nodes"] == []
    assert (await builder(RUN, id=run_id))["run"]["status"] == "QUEUED"


async def test_control_never_meets_a_worker_halfway(builder: Api, worker: Works, db: AsyncSession) -> None:
    """Pause and resume at random moments of 40 runs: each ends once, with each step done once."""
    worker.start()
    shown = await publish(
        builder,
        graph(
            node("start", "manual.started"),
            node("letter", "mail.send", to=["a@example.com"], subject="Hello", text="x"),
            node("hold", "flow.wait", duration={"amount": 1, "unit": "seconds"}),
            node("done", "data.set_fields", fields=fields(done=True)),
            edges=[("start", "out", "letter"), ("letter", "out", "hold"), ("hold", "out", "done")],
        ),
    )
    runs = [await started(builder, shown) for _ in range(40)]

    async def disturb(number: int, run_id: str) -> None:
        await asyncio.sleep(number % 7 * 0.05)
        for _ in range(4):
            await control(builder, "pauseRun", run_id)
            await asyncio.sleep(number % 5 * 0.02)
            await control(builder, "resumeRun", run_id)

    await asyncio.gather(*(disturb(number, run_id) for number, run_id in enumerate(runs)))
    for run_id in runs:
        await becomes(builder, run_id, "SUCCEEDED", 15)
    rows = await db.execute(
        text("SELECT s.entries FROM journal_segment s JOIN run r ON r.id = s.run_id WHERE r.scenario_id = :id"),
        {"id": UUID(shown["id"])},
    )
    done = [one["n"] for row in rows for one in _entries(row[0]) if one["s"] == "done"]
    assert {name: done.count(name) for name in set(done)} == dict.fromkeys(("start", "letter", "hold", "done"), 40)
    letters = text("SELECT count(*) FROM outbox_message WHERE scenario_id = :id")
    assert (await db.execute(letters, {"id": UUID(shown["id"])})).scalar_one() == 40


def _entries(stored: Any) -> list[dict[str, Any]]:
    return list(json.loads(stored) if isinstance(stored, str) else stored)


async def test_deleting_a_scenario_ends_what_is_paused_or_asked_too(builder: Api, place: Place) -> None:
    shown = await publish(builder, waiting())
    run_id = await started(builder, shown)
    await control(builder, "pauseRun", run_id)
    await builder(DELETE, id=shown["id"])
    run = (await builder(RUN, id=run_id))["run"]
    assert run["status"] == "CANCELLED"
    assert datetime.fromisoformat(run["finishedAt"]) <= datetime.now(UTC)
