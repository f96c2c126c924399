"""Variables and what was seen before: kinds, limits, the same answer for the same step."""

from pathlib import Path
from typing import Any

import pytest

from potok.sdk import RunInfo, UserError
from potok.sdk.testing import fake_clock, fake_memory, load_nodes, run_node

NODES = load_nodes(Path(__file__).parent)


async def test_the_first_is_new_and_the_second_was_seen_before_until_the_time_is_over() -> None:
    memory, clock = fake_memory(), fake_clock()
    params = {"key": 1042, "within": {"amount": 2, "unit": "hours"}}
    ways = []
    for number, hours in enumerate((0, 1.5, 1)):
        clock.move(hours=hours)
        run = RunInfo(f"run-{number}", "scenario-1", "Test", "workspace-1")
        ran = await run_node(
            NODES["data.dedupe"], params, memory=memory, clock=clock, run=run, effect_key=f"{number}"
        )
        ways.append((ran.port, ran.output["first_run_id"], ran.output["times"]))
    assert ways == [("new", "run-0", 1), ("duplicate", "run-0", 2), ("new", "run-2", 1)]


async def test_a_repeated_step_gets_the_same_answer() -> None:
    memory = fake_memory()
    first = await run_node(NODES["data.dedupe"], {"key": "a"}, memory=memory, effect_key="1")
    again = await run_node(NODES["data.dedupe"], {"key": "a"}, memory=memory, effect_key="1")
    assert (first.port, again.port, again.output) == ("new", "new", first.output)
    added = [(await run_node(NODES["variable.add"], {"name": "n"}, memory=memory)).output for _ in range(2)]
    assert added == [{"value": 1}, {"value": 1}]


async def test_scenarios_remember_together_under_a_name() -> None:
    memory = fake_memory()
    ways = []
    for number, scope in enumerate(("scenario", "shared", "shared")):
        run = RunInfo("run", f"scenario-{number}", "Test", "workspace-1")
        params = {"key": "k", "scope": scope, "name": "orders"}
        ran = await run_node(NODES["data.dedupe"], params, memory=memory, run=run, effect_key=f"{number}")
        ways.append(ran.port)
    assert ways == ["new", "new", "duplicate"]


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", 5, "5"),
        ("number", "0,10", 0.1),
        ("number", "123456789012345678901234567890.5", "123456789012345678901234567890.5"),
        ("boolean", "да", True),
        ("boolean", 0, False),
        ("json", {"a": [1]}, {"a": [1]}),
    ],
)
async def test_a_variable_keeps_what_its_kind_makes_of_a_value(kind: str, given: Any, kept: Any) -> None:
    memory = fake_memory()
    params = {"name": "v", "kind": kind, "value": given}
    ran = await run_node(NODES["variable.set"], params, memory=memory, effect_key="1")
    assert ran.output == {"value": kept, "before": None}
    found = await run_node(NODES["variable.get"], {"name": "v", "otherwise": 7}, memory=memory)
    assert found.output == {"value": kept, "found": True}
    other = await run_node(
        NODES["variable.get"], {"name": "v", "scope": "workspace", "otherwise": 7}, memory=memory
    )
    assert other.output == {"value": 7, "found": False}


async def test_adding_is_exact() -> None:
    memory = fake_memory()
    for number, amount in enumerate(("0.1", 0.2, "-0.3", 4)):
        params = {"name": "sum", "amount": amount}
        ran = await run_node(NODES["variable.add"], params, memory=memory, effect_key=f"{number}")
    assert ran.output == {"value": 4}


@pytest.mark.parametrize(
    ("node", "params", "code"),
    [
        ("data.dedupe", {"key": None}, "no_key"),
        ("data.dedupe", {"key": "a", "within": {"amount": 400, "unit": "days"}}, "too_long"),
        ("data.dedupe", {"key": "a", "scope": "shared"}, "no_name"),
        ("variable.set", {"name": "v", "kind": "number", "value": "many"}, "wrong_number"),
        ("variable.set", {"name": "v", "kind": "number", "value": "NaN"}, "wrong_number"),
        ("variable.set", {"name": "v", "kind": "boolean", "value": "maybe"}, "wrong_boolean"),
        ("variable.set", {"name": "v", "kind": "json", "value": ["x" * 70_000]}, "too_large"),
        ("variable.add", {"name": "v", "amount": "1e999"}, "too_large"),
        ("variable.add", {"name": "v", "amount": "Infinity"}, "wrong_number"),
        ("variable.add", {"name": "v", "amount": True}, "wrong_number"),
    ],
)
async def test_what_cannot_be_kept_is_said(node: str, params: dict[str, Any], code: str) -> None:
    with pytest.raises(UserError) as refused:
        await run_node(NODES[node], params)
    assert refused.value.code == code


async def test_nothing_is_added_to_a_text() -> None:
    memory = fake_memory()
    await run_node(NODES["variable.set"], {"name": "v", "value": "many"}, memory=memory, effect_key="1")
    with pytest.raises(UserError) as refused:
        await run_node(NODES["variable.add"], {"name": "v"}, memory=memory, effect_key="2")
    assert (refused.value.code, refused.value.params) == ("not_a_number", {"variable": "v"})
