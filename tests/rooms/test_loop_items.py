"""Loops of a run in GraphQL: counts with the steps, items by page; runs that call runs; what was undone."""

import json
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import fields, graph, node
from tests.rooms.house import Api
from tests.rooms.test_control import Works, becomes, started, worker
from tests.rooms.test_scenarios import publish

__all__ = ["worker"]

STEPS = """query($id: ID!) { run(id: $id) { status
  steps { nodeId nodeType title status input output shortened undoing counts { items done failed running } }
  undone { nodeId title error { message } } calledBy { id } calls { nodes { id } } } }"""
ITEMS = """query($run: ID!, $node: ID!, $status: StepStatus, $path: [Int!], $n: Int! = 50, $after: String) {
  stepItems(
    runId: $run, nodeId: $node, status: $status, path: $path, first: $n, after: $after) {
    nodes { path step { status input output error { message } startedAt } }
    pageInfo { endCursor hasNextPage } } }"""


def _loop(items: list[Any], **params: Any) -> dict[str, Any]:
    code = node("halve", "code.python", code="100 / item", inputs=fields(item={"$ref": ["loop", "item"]}))
    return graph(
        node("start", "manual.started"),
        node("loop", "flow.loop", items=items, on_item_error="continue", **params),
        code,
        node("after", "data.set_fields", fields=fields(result={"$ref": ["halve", "result"]})),
        node("end", "flow.succeed", name="All"),
        edges=[
            ("start", "out", "loop"),
            ("loop", "item", "halve"),
            ("halve", "out", "after"),
            ("loop", "done", "end"),
        ],
    )


async def _items(api: Api, run_id: str, node_id: str, **given: Any) -> Any:
    return (await api(ITEMS, run=run_id, node=node_id, **given))["stepItems"]


async def test_a_loop_tells_how_many_items_stand_how_and_each_by_page(
    builder: Api, stranger: Api, worker: Works
) -> None:
    worker.start()
    run_id = await started(builder, await publish(builder, _loop([1, 0, 4, 0, 10])))
    await becomes(builder, run_id, "SUCCEEDED", 20)
    run = (await builder(STEPS, id=run_id))["run"]
    assert [one["nodeId"] for one in run["steps"]] == ["start", "loop", "halve", "after", "end"]
    loop, halve, after = run["steps"][1:4]
    assert loop["counts"] == {"items": 5, "done": 3, "failed": 2, "running": 0}
    assert halve["counts"] == {"items": 5, "done": 3, "failed": 2, "running": 0}
    assert after["counts"] == {"items": 3, "done": 3, "failed": 0, "running": 0}
    assert (halve["status"], halve["nodeType"], halve["output"]) == ("FAILED", "code.python", None)

    page = await _items(builder, run_id, "loop", n=2)
    assert [(one["path"], one["step"]["status"], one["step"]["input"]) for one in page["nodes"]] == [
        ([0], "DONE", 1),
        ([1], "FAILED", 0),
    ]
    assert page["nodes"][0]["step"]["startedAt"]
    page = await _items(builder, run_id, "loop", n=2, after=page["pageInfo"]["endCursor"])
    assert [one["path"] for one in page["nodes"]] == [[2], [3]]
    assert page["pageInfo"]["hasNextPage"]

    failed = await _items(builder, run_id, "loop", status="FAILED")
    assert [one["path"] for one in failed["nodes"]] == [[1], [3]]
    assert "ZeroDivisionError" in failed["nodes"][0]["step"]["error"]["message"]
    [third] = (await _items(builder, run_id, "halve", path=[2]))["nodes"]
    assert (third["step"]["output"]["result"], third["step"]["input"]["inputs"][0]["value"]) == (25, 4)
    assert await stranger.refused(ITEMS, run=run_id, node="loop") == "run_not_found"


async def test_ten_thousand_items_are_counted_and_paged_quickly(
    builder: Api, worker: Works, db: AsyncSession
) -> None:
    worker.start()
    made = await publish(builder, _loop([1]))
    run_id = await started(builder, made)
    await becomes(builder, run_id, "SUCCEEDED", 20)
    await _lengthen(db, UUID(run_id), 10_000)
    begun = monotonic()
    loop = (await builder(STEPS, id=run_id))["run"]["steps"][1]
    assert loop["counts"] == {"items": 10_000, "done": 9_990, "failed": 10, "running": 0}
    assert (len(loop["input"]["items"]), len(loop["output"]["items"]), loop["shortened"]) == (100, 100, True)
    failed = await _items(builder, run_id, "loop", status="FAILED")
    assert [one["path"][0] for one in failed["nodes"]] == list(range(999, 10_000, 1000))
    [last] = (await _items(builder, run_id, "halve", path=[9_999]))["nodes"]
    assert last["step"]["output"] == {"result": 9_999}
    assert monotonic() - begun < 3


async def _lengthen(db: AsyncSession, run_id: UUID, count: int) -> None:
    """Instead of running: the journal as the engine writes it for that many items."""
    whole = {
        "n": "loop",
        "t": "flow.loop",
        "t0": 1,
        "c": count,
        "s": "running",
        "i": {"items": list(range(count))},
    }
    lines: list[dict[str, Any]] = [{"n": "start", "t": "manual.started", "s": "done", "t0": 1, "t1": 1}, whole]
    for number in range(count):
        bad = number % 1000 == 999
        lines.append({"n": "halve", "x": [number], "s": "done", "o": {"result": number}, "t0": 2, "t1": 3})
        over = {"n": "loop", "x": [number], "it": 1, "s": "failed" if bad else "done"}
        lines.append(over | ({"e": {"code": "x", "message": "No."}} if bad else {"o": {"result": number}}))
    output = {"items": list(range(count)), "failed": [], "count": count}
    lines.append({"n": "loop", "t": "flow.loop", "s": "done", "p": "done", "o": output, "t0": 1, "t1": 9})
    await db.execute(text("DELETE FROM journal_segment WHERE run_id = :run"), {"run": run_id})
    rows = [
        {"run": run_id, "seq": seq, "entries": json.dumps(lines[at : at + 500]), "at": datetime.now(UTC)}
        for seq, at in enumerate(range(0, len(lines), 500))
    ]
    insert = "INSERT INTO journal_segment (run_id, seq, entries, created_at) VALUES (:run, :seq, :entries, :at)"
    await db.execute(text(insert), rows)
    await db.commit()


async def test_a_loop_under_way_shows_the_items_that_wait(builder: Api, worker: Works) -> None:
    worker.start()
    waiting = graph(
        node("start", "manual.started"),
        node("loop", "flow.loop", items=["a", "b", "c"], concurrency=2),
        node("wait", "flow.wait", mode="for", duration={"amount": 1, "unit": "hours"}),
        edges=[("start", "out", "loop"), ("loop", "item", "wait")],
    )
    run_id = await started(builder, await publish(builder, waiting))
    await becomes(builder, run_id, "WAITING", 10)
    run = (await builder(STEPS, id=run_id))["run"]
    assert run["steps"][1]["counts"] == {"items": 3, "done": 0, "failed": 0, "running": 2}
    running = await _items(builder, run_id, "loop", status="RUNNING")
    assert [(one["path"], one["step"]["input"]) for one in running["nodes"]] == [([0], "a"), ([1], "b")]
    assert (await _items(builder, run_id, "loop", status="DONE"))["nodes"] == []


async def test_a_nul_in_the_data_hides_no_step_and_no_item(builder: Api, worker: Works) -> None:
    """PostgreSQL takes no JSON apart that holds one."""
    worker.start()
    wanted = _loop([])
    wanted["nodes"][1]["params"]["items"] = {"$ref": ["start", "items"]}
    shown = await publish(builder, wanted)
    start = "mutation($id: ID!, $i: JSON) { runNow(id: $id, input: $i) { runId } }"
    items = ["a\0b", "c\\u0000"]
    run_id = (await builder(start, id=shown["id"], i={"items": items}))["runNow"]["runId"]
    await becomes(builder, run_id, "SUCCEEDED", 20)
    steps = (await builder(STEPS, id=run_id))["run"]["steps"]
    assert [one["nodeId"] for one in steps if one["status"] != "SKIPPED"] == ["start", "loop", "halve", "end"]
    page = await _items(builder, run_id, "loop")
    assert [one["step"]["input"] for one in page["nodes"]] == items


async def test_skipped_steps_stand_where_the_graph_has_them(builder: Api, worker: Works) -> None:
    worker.start()
    rules = {"match": "all", "rules": [{"left": "a", "op": "eq", "right": "a"}]}
    branching = graph(
        node("no_way", "data.text", text="x"),
        node("start", "manual.started"),
        node("if", "logic.if", conditions=rules),
        node("way", "data.text", text="x"),
        node("end", "flow.succeed"),
        edges=[
            ("start", "out", "if"),
            ("if", "true", "way"),
            ("if", "false", "no_way"),
            ("way", "out", "end"),
        ],
    )
    run_id = await started(builder, await publish(builder, branching))
    await becomes(builder, run_id, "SUCCEEDED", 10)
    steps = (await builder(STEPS, id=run_id))["run"]["steps"]
    assert [one["nodeId"] for one in steps] == ["start", "if", "no_way", "way", "end"]


async def test_runs_that_call_runs_name_each_other(builder: Api, worker: Works) -> None:
    worker.start()
    inner = await publish(builder, graph(node("start", "manual.started")))
    call = node("call", "flow.call", scenario=inner["id"])
    calling = graph(node("start", "manual.started"), call, edges=[("start", "out", "call")])
    run_id = await started(builder, await publish(builder, calling))
    await becomes(builder, run_id, "SUCCEEDED", 10)
    run = (await builder(STEPS, id=run_id))["run"]
    [called] = run["calls"]["nodes"]
    assert run["calledBy"] is None
    assert (await builder(STEPS, id=called["id"]))["run"]["calledBy"] == {"id": run_id}


async def test_what_was_undone_is_told_apart_from_the_steps(builder: Api, worker: Works) -> None:
    worker.start()
    book = node("book", "data.set_fields", fields=fields(a=1)) | {"settings": {"undo": True}}
    undoing = graph(
        node("start", "manual.started"),
        book,
        node("take_back", "data.set_fields", fields=fields(b=2)),
        node("fail", "flow.fail", message="No."),
        edges=[
            ("start", "out", "book"),
            ("book", "out", "fail"),
            ("book", "undo", "take_back"),
        ],
    )
    run_id = await started(builder, await publish(builder, undoing))
    await becomes(builder, run_id, "FAILED", 10)
    run = (await builder(STEPS, id=run_id))["run"]
    assert [(one["nodeId"], one["undoing"]) for one in run["steps"]] == [
        ("start", False),
        ("book", False),
        ("fail", False),
        ("take_back", True),
    ]
    assert [(one["nodeId"], one["error"]) for one in run["undone"]] == [("book", None)]
