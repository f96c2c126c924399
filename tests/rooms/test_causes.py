"""Every open run states what it waits for."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import fields, graph, node
from tests.rooms.house import Api
from tests.rooms.test_control import OtherSide, Works, _lost_in_the_act, calling, control, started, waiting
from tests.rooms.test_control import other_side as other_side
from tests.rooms.test_control import worker as worker
from tests.rooms.test_scenarios import publish

CAUSE = "query($id: ID!) { run(id: $id) { status waitsFor { kind words fix until nodeId } } }"


async def cause(api: Api, run_id: str) -> dict[str, Any] | None:
    """What the run waits for."""
    found: dict[str, Any] | None = (await api(CAUSE, id=run_id))["run"]["waitsFor"]
    return found


async def states(api: Api, run_id: str, kind: str) -> dict[str, Any]:
    """The cause, once it is of this kind."""
    async with asyncio.timeout(10):
        while (found := await cause(api, run_id)) is None or found["kind"] != kind:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found


async def test_without_a_worker_a_queued_run_says_so_and_with_one_it_waits_for_its_moment(
    builder: Api, worker: Works
) -> None:
    shown = await publish(builder, waiting())
    run_id = await started(builder, shown)
    found = await states(builder, run_id, "NO_WORKER")
    assert "worker" in found["fix"]
    worker.start()
    found = await states(builder, run_id, "TIMER")
    assert (found["nodeId"], found["until"] is not None) == ("hold", True)
    assert found["words"] == "Waits at the step “Wait”."
    await control(builder, "pauseRun", run_id)
    assert (await cause(builder, run_id) or {})["words"] == "Paused by builder key."
    await control(builder, "cancelRun", run_id)
    assert await cause(builder, run_id) is None


async def test_a_run_in_the_queue_says_how_many_come_first(builder: Api, worker: Works, db: AsyncSession) -> None:
    worker.start()
    first = await started(builder, await publish(builder, waiting()))
    await states(builder, first, "TIMER")
    await worker.stop()
    shown = await publish(builder, waiting())
    runs = [await started(builder, shown) for _ in range(3)]
    await db.execute(text("DELETE FROM run_work WHERE run_id <> ALL(:ids)"), {"ids": [UUID(one) for one in runs]})
    await db.commit()
    # What a busy worker looks like: somebody lives, yet these are not taken.
    await db.execute(text("SELECT pg_advisory_lock(1886352495, 1)"))
    try:
        assert [(await cause(builder, one) or {})["words"] for one in runs] == [
            "Next in the queue.",
            "In the queue behind 1 other runs.",
            "In the queue behind 2 other runs.",
        ]
    finally:
        await db.execute(text("SELECT pg_advisory_unlock_all()"))


async def test_a_run_between_two_tries_and_one_that_needs_an_answer_say_so(
    builder: Api, worker: Works, other_side: OtherSide, db: AsyncSession
) -> None:
    run_id = await _lost_in_the_act(builder, db, worker, other_side)
    found = await states(builder, run_id, "ANSWER")
    assert found["nodeId"] == "call"
    assert "HTTP request" in found["words"]
    russian = await builder.raw(CAUSE, headers={"Accept-Language": "ru"}, id=run_id)
    assert russian.json()["data"]["run"]["waitsFor"]["words"].startswith("Нужен ответ")


async def test_a_run_that_goes_on_or_has_ended_waits_for_nothing(
    builder: Api, worker: Works, other_side: OtherSide
) -> None:
    worker.start()
    run_id = await started(builder, await publish(builder, calling(other_side.url)))
    await asyncio.wait_for(other_side.called.wait(), 10)
    assert await cause(builder, run_id) is None
    other_side.gate.set()
    shown = await publish(
        builder,
        graph(
            node("start", "manual.started"),
            node("done", "data.set_fields", fields=fields(done=True)),
            edges=[("start", "out", "done")],
        ),
    )
    other = await started(builder, shown)
    async with asyncio.timeout(10):
        while (await builder(CAUSE, id=other))["run"]["status"] != "SUCCEEDED":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert await cause(builder, other) is None


async def test_a_run_that_called_another_scenario_says_so(builder: Api, worker: Works) -> None:
    worker.start()
    inner = await publish(builder, waiting())
    outer = graph(
        node("start", "manual.started"),
        node("call", "flow.call", scenario=inner["id"], inputs=[]),
        edges=[("start", "out", "call")],
    )
    run_id = await started(builder, await publish(builder, outer))
    found = await states(builder, run_id, "CALL")
    assert found["words"] == "Waits for the end of a scenario it started."
    await control(builder, "cancelRun", run_id)
