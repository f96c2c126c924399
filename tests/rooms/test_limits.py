"""Runs at limits seen from outside: the cause in words, and what cancelling and pausing mean for the others."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import fields, graph, node
from tests.rooms.house import Api
from tests.rooms.test_causes import CAUSE, cause, states
from tests.rooms.test_control import Works, becomes, control, started
from tests.rooms.test_control import worker as worker
from tests.rooms.test_scenarios import publish

HISTORY = """query($id: ID!) { run(id: $id) { status endName error { code message }
  steps { nodeId status } } }"""
TIMERS = "query { timers { nodes { kind runId stepTitle } } }"


def limited(limits: dict[str, Any] | None = None, step: dict[str, Any] | None = None) -> dict[str, Any]:
    """By hand, then hold, then set fields."""
    note = node("note", "data.set_fields", fields=fields(done=True))
    shown = graph(
        node("start", "manual.started"),
        note | ({"settings": {"limits": step}} if step else {}),
        node("hold", "flow.wait", duration={"amount": 1, "unit": "hours"}),
        edges=[("start", "out", "note"), ("note", "out", "hold")],
    )
    return shown | ({"settings": {"limits": limits}} if limits else {})


async def test_runs_in_line_say_at_which_limit_and_how_many_come_first(builder: Api, worker: Works) -> None:
    shown = await publish(builder, limited({"concurrency": {"at_most": 1, "key": "Anna"}}))
    worker.start()
    runs = [await started(builder, shown) for _ in range(3)]
    await states(builder, runs[0], "TIMER")
    found = [await states(builder, one, "LIMIT") for one in runs[1:]]
    said = "Waits for its turn: the scenario runs at most 1 at once for “Anna”; {} runs come first."
    assert [one["words"] for one in found] == [said.format(0), said.format(1)]
    assert (await builder(HISTORY, id=runs[1]))["run"]["steps"] == []
    russian = await builder.raw(CAUSE, headers={"Accept-Language": "ru"}, id=runs[2])
    assert "впереди 1" in russian.json()["data"]["run"]["waitsFor"]["words"]
    await control(builder, "cancelRun", runs[1])
    assert (await states(builder, runs[2], "LIMIT"))["words"] == said.format(0)
    await control(builder, "cancelRun", runs[0])
    await states(builder, runs[2], "TIMER")
    await control(builder, "cancelRun", runs[2])


async def test_a_paused_run_keeps_its_place_and_nobody_waits_behind_one_paused_in_line(
    builder: Api, worker: Works
) -> None:
    shown = await publish(builder, limited({"concurrency": {"at_most": 1}}))
    worker.start()
    runs = [await started(builder, shown) for _ in range(3)]
    await states(builder, runs[0], "TIMER")
    await states(builder, runs[1], "LIMIT")
    await states(builder, runs[2], "LIMIT")
    await control(builder, "pauseRun", runs[0])
    await control(builder, "pauseRun", runs[1])
    assert (await cause(builder, runs[2]) or {})["kind"] == "LIMIT", "the paused one holds its place"
    await control(builder, "cancelRun", runs[0])
    await states(builder, runs[2], "TIMER")
    await control(builder, "resumeRun", runs[1])
    await states(builder, runs[1], "LIMIT")
    await control(builder, "cancelRun", runs[2])
    await states(builder, runs[1], "TIMER")
    await control(builder, "cancelRun", runs[1])


async def test_a_rate_says_when_the_turn_is_and_the_calendar_shows_it(builder: Api, worker: Works) -> None:
    shown = await publish(builder, limited({"rate": {"at_most": 1, "per_seconds": 60}}))
    worker.start()
    runs = [await started(builder, shown) for _ in range(2)]
    found = await states(builder, runs[1], "LIMIT")
    assert found["words"] == "Waits for its turn: the scenario runs at most 1 per minute."
    assert found["until"] is not None
    timers = (await builder(TIMERS))["timers"]["nodes"]
    assert {"kind": "LIMIT", "runId": runs[1], "stepTitle": ""} in timers
    for one in runs:
        await control(builder, "cancelRun", one)


async def test_a_step_at_a_limit_names_it_and_itself(builder: Api, worker: Works, db: AsyncSession) -> None:
    shared = {"name": "the printer", "at_most": 1, "per_seconds": 3600}
    first = await publish(builder, limited(step=shared))
    second = await publish(builder, limited(step=shared))
    worker.start()
    runs = [await started(builder, first)]
    await states(builder, runs[0], "TIMER")
    runs.append(await started(builder, second))
    found = await states(builder, runs[1], "LIMIT")
    assert found["words"] == "Waits for the limit “the printer”: at most 1 per hour."
    assert (found["nodeId"], found["until"] is not None) == ("note", True)
    for one in runs:
        await control(builder, "cancelRun", one)
    left = await db.execute(
        text("SELECT count(*) FROM limit_place WHERE run_id = ANY(:runs) AND (state <> 'turn' OR at > now())"),
        {"runs": [UUID(one) for one in runs]},
    )
    assert left.scalar_one() == 0


async def test_a_run_that_may_not_wait_is_in_the_history_with_its_reason(builder: Api, worker: Works) -> None:
    shown = await publish(builder, limited({"concurrency": {"at_most": 1, "when_full": "skip"}}))
    worker.start()
    first = await started(builder, shown)
    await states(builder, first, "TIMER")
    second = await started(builder, shown)
    await becomes(builder, second, "CANCELLED")
    found = (await builder(HISTORY, id=second))["run"]
    assert found["error"]["code"] == "skipped_full"
    assert "at most 1 at once" in found["error"]["message"]
    assert [one["nodeId"] for one in found["steps"]] == ["start"]
    await control(builder, "cancelRun", first)
    assert await cause(builder, second) is None
