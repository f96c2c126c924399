"""Signals through the API: runs that wait for them, paused, cancelled, of other workspaces; with a real worker."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import fields, graph, node
from tests.rooms.house import Api
from tests.rooms.test_causes import states
from tests.rooms.test_control import Works, becomes, control, started, worker
from tests.rooms.test_scenarios import publish

__all__ = ["worker"]

SEND = """mutation($name: String! = "paid", $key: String! = "1042", $data: JSON, $keep: Int! = 0,
  $once: String! = "") {
  sendSignal(name: $name, key: $key, data: $data, keepSeconds: $keep, once: $once) {
    woken duplicate problems { code path fix } } }"""


def waiting_for(key: str = "1042", **params: Any) -> dict[str, Any]:
    """By hand, then wait for the payment, then what came."""
    return graph(
        node("start", "manual.started"),
        node("wait", "flow.signal", name="paid", key=key, **params),
        node("done", "data.set_fields", fields=fields(sum={"$ref": ["wait", "sum"]})),
        edges=[("start", "out", "wait"), ("wait", "out", "done")],
    )


async def send(api: Api, **given: Any) -> dict[str, Any]:
    """The answer."""
    found: dict[str, Any] = (await api(SEND, **given))["sendSignal"]
    return found


async def _waiting(api: Api, **params: Any) -> str:
    run_id = await started(api, await publish(api, waiting_for(**params)))
    await becomes(api, run_id, "WAITING")
    return run_id


def _output(run: dict[str, Any], step: str) -> Any:
    return next(one["output"] for one in run["steps"] if one["nodeId"] == step)


async def test_a_signal_wakes_the_waiting_run_with_its_data_and_a_repeated_one_nobody(
    builder: Api, worker: Works, db: AsyncSession
) -> None:
    worker.start()
    run_id = await _waiting(builder)
    assert await send(builder, key="1043") == {"woken": 0, "duplicate": False, "problems": []}
    sent = await send(builder, data={"sum": 7}, once="bank-1")
    assert (sent["woken"], sent["duplicate"]) == (1, False)
    run = await becomes(builder, run_id, "SUCCEEDED", 3)
    assert _output(run, "done") == {"sum": 7}
    again = await _waiting(builder)
    assert await send(builder, data={"sum": 8}, once="bank-1") == {"woken": 0, "duplicate": True, "problems": []}
    assert await control(builder, "cancelRun", again) == "CANCELLED"
    left = await db.execute(text("SELECT count(*) FROM signal_wait WHERE run_id = :id"), {"id": again})
    assert left.scalar_one() == 0
    assert (await send(builder))["woken"] == 0


async def test_the_run_says_what_it_waits_for_and_until_when(builder: Api, worker: Works) -> None:
    worker.start()
    run_id = await _waiting(builder, deadline={"amount": 2, "unit": "hours"})
    found = await states(builder, run_id, "SIGNAL")
    assert (found["words"], found["nodeId"]) == ("Waits for the signal “paid” of 1042.", "wait")
    assert found["until"] is not None
    nameless = await _waiting(builder, key="")
    assert (await states(builder, nameless, "SIGNAL"))["words"] == "Waits for the signal “paid”."
    for one in (run_id, nameless):
        await control(builder, "cancelRun", one)


async def test_a_signal_that_comes_while_the_run_is_paused_is_there_when_it_goes_on(
    builder: Api, worker: Works
) -> None:
    worker.start()
    run_id = await _waiting(builder, deadline={"amount": 2, "unit": "hours"})
    assert await control(builder, "pauseRun", run_id) == "PAUSED"
    assert (await send(builder, data={"sum": 9}))["woken"] == 1
    assert (await becomes(builder, run_id, "PAUSED"))["status"] == "PAUSED"
    await control(builder, "resumeRun", run_id)
    assert _output(await becomes(builder, run_id, "SUCCEEDED", 3), "done") == {"sum": 9}


async def test_a_run_that_begins_to_wait_after_a_kept_signal_goes_on_at_once(builder: Api, worker: Works) -> None:
    worker.start()
    assert (await send(builder, data={"sum": 1}, keep=60))["woken"] == 0
    run_id = await started(builder, await publish(builder, waiting_for()))
    assert _output(await becomes(builder, run_id, "SUCCEEDED", 3), "done") == {"sum": 1}


async def test_a_scenario_sends_what_another_waits_for(builder: Api, worker: Works) -> None:
    worker.start()
    run_id = await _waiting(builder)
    sending = graph(
        node("start", "manual.started"),
        node("tell", "flow.send_signal", name="paid", key="1042", data={"sum": 3}),
        edges=[("start", "out", "tell")],
    )
    await started(builder, await publish(builder, sending))
    assert _output(await becomes(builder, run_id, "SUCCEEDED", 3), "done") == {"sum": 3}


async def test_when_the_time_runs_out_the_run_goes_the_other_way(builder: Api, worker: Works) -> None:
    worker.start()
    document = waiting_for(deadline={"amount": 0.2, "unit": "seconds"})
    document["nodes"].append(node("late", "data.text", text="too late"))
    document["edges"].append({"source": "wait", "port": "deadline", "target": "late"})
    run_id = await started(builder, await publish(builder, document))
    run = await becomes(builder, run_id, "SUCCEEDED", 5)
    assert {one["nodeId"]: one["status"] for one in run["steps"]}["done"] == "SKIPPED"
    assert _output(run, "late") == {"text": "too late"}
    assert (await send(builder))["woken"] == 0


async def test_another_workspace_and_those_who_only_look_wake_nobody(
    builder: Api, viewer: Api, stranger: Api, worker: Works
) -> None:
    worker.start()
    run_id = await _waiting(builder)
    assert (await send(stranger, data={"sum": 1}))["woken"] == 0
    assert await viewer.refused(SEND) == "forbidden"
    assert (await becomes(builder, run_id, "WAITING"))["status"] == "WAITING"
    await control(builder, "cancelRun", run_id)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "signal_name"),
        ({"name": "x" * 201}, "signal_name"),
        ({"key": "x" * 501}, "signal_key"),
        ({"once": "a\0"}, "signal_key"),
        ({"keep": -1}, "signal_keep"),
        ({"keep": 31 * 86_400}, "signal_keep"),
        ({"data": "x" * 300_000}, "signal_data"),
    ],
)
async def test_what_cannot_be_sent_is_said(builder: Api, given: dict[str, Any], code: str) -> None:
    (problem,) = (await send(builder, **given))["problems"]
    assert problem["code"] == code
    assert problem["fix"]
