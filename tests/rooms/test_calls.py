"""Scenarios that call scenarios, with a real worker: results, long waits, and cancelling either side."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import graph, node
from tests.rooms.house import Api
from tests.rooms.test_control import (
    Works,
    becomes,
    control,
    started,
    waiting,
    worker,
)
from tests.rooms.test_scenarios import publish

__all__ = ["worker"]


def _calling(scenario: str, **settings: Any) -> dict[str, Any]:
    call = node("call", "flow.call", scenario=scenario, inputs=[{"name": "name", "value": "Anna"}])
    made = graph(
        node("start", "manual.started"),
        call,
        node("end", "flow.succeed", result={"$ref": ["call", "result"]}),
        edges=[("start", "out", "call"), ("call", "out", "end")],
    )
    if settings:
        made["nodes"][1]["settings"] = settings
    return made


async def _called(db: AsyncSession, caller: str) -> str:
    return str((await db.execute(text("SELECT id FROM run WHERE called_by = :id"), {"id": caller})).scalar_one())


async def test_the_result_of_the_called_scenario_comes_back(builder: Api, worker: Works) -> None:
    worker.start()
    answering = graph(
        node("start", "manual.started"),
        node("end", "flow.succeed", name="Found", result={"$ref": ["start", "name"]}),
        edges=[("start", "out", "end")],
    )
    inner = await publish(builder, answering)
    run_id = await started(builder, await publish(builder, _calling(inner["id"])))
    run = await becomes(builder, run_id, "SUCCEEDED", 3)
    (step,) = [one for one in run["steps"] if one["nodeId"] == "call"]
    assert (step["output"]["result"], step["output"]["end_name"]) == ("Anna", "Found")


async def test_cancelling_the_caller_cancels_what_it_called(builder: Api, worker: Works, db: AsyncSession) -> None:
    worker.start()
    inner = await publish(builder, waiting())
    run_id = await started(builder, await publish(builder, _calling(inner["id"])))
    await becomes(builder, run_id, "WAITING")
    child = await _called(db, run_id)
    await becomes(builder, child, "WAITING")
    assert await control(builder, "cancelRun", run_id) == "CANCELLED"
    await becomes(builder, child, "CANCELLED", 1)


async def test_cancelling_the_called_run_lets_its_caller_go_its_error_way(
    builder: Api, worker: Works, db: AsyncSession
) -> None:
    worker.start()
    inner = await publish(builder, waiting())
    run_id = await started(builder, await publish(builder, _calling(inner["id"], on_error="continue")))
    await becomes(builder, run_id, "WAITING")
    child = await _called(db, run_id)
    assert await control(builder, "cancelRun", child) == "CANCELLED"
    run = await becomes(builder, run_id, "SUCCEEDED", 3)
    (step,) = [one for one in run["steps"] if one["nodeId"] == "call"]
    assert step["error"]["code"] == "call_cancelled"


KIN = "query($id: ID!) { run(id: $id) { status calledBy { id } calls { nodes { id status } } } }"


@pytest.mark.parametrize(
    ("meets", "ends"),
    [("flow.fail", "FAILED"), ("flow.join", "SUCCEEDED")],
    ids=["the caller fails", "a join is first"],
)
async def test_a_called_run_nobody_waits_for_any_more_goes_on_and_is_seen_from_both_sides(
    builder: Api, worker: Works, db: AsyncSession, meets: str, ends: str
) -> None:
    worker.start()
    inner = await publish(builder, waiting(3))
    outer = graph(
        node("start", "manual.started"),
        node("call", "flow.call", scenario=inner["id"]),
        node("hold", "flow.wait", duration={"amount": 1, "unit": "seconds"}),
        node("end", meets, **({"mode": "first"} if meets == "flow.join" else {})),
        edges=[
            ("start", "out", "call"),
            ("start", "out", "hold"),
            ("hold", "out", "end"),
            *([("call", "out", "end")] if meets == "flow.join" else []),
        ],
    )
    run_id = await started(builder, await publish(builder, outer))
    await becomes(builder, run_id, ends)
    child = await _called(db, run_id)
    caller = (await builder(KIN, id=run_id))["run"]
    assert caller["calls"]["nodes"] == [{"id": child, "status": "WAITING"}], "still under way, and shown"
    assert (await builder(KIN, id=child))["run"]["calledBy"] == {"id": run_id}
    await becomes(builder, child, "SUCCEEDED")
    await becomes(builder, run_id, ends)
