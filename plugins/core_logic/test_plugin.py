"""If, switch and filter."""

from pathlib import Path
from typing import Any

import pytest

from potok.sdk import UserError
from potok.sdk.testing import load_nodes, run_node

NODES = load_nodes(Path(__file__).parent)


def above(left: Any, right: Any) -> dict[str, Any]:
    return {"match": "all", "rules": [{"left": left, "op": "gt", "right": right}]}


@pytest.mark.parametrize(
    ("amount", "port"), [(1500, "true"), ("1000.01", "true"), (1000, "false"), (None, "false")]
)
async def test_if_goes_one_of_two_ways(amount: Any, port: str) -> None:
    ran = await run_node(NODES["logic.if"], {"conditions": above(amount, 1000)})
    assert (ran.port, ran.output) == (port, port == "true")


async def test_switch_takes_the_first_branch_that_holds() -> None:
    cases = [
        {"id": "huge", "title": "Huge", "when": above(7, 10)},
        {"id": "big", "title": "Big", "when": above(7, 5)},
        {"id": "any", "when": above(7, 1)},
    ]
    ran = await run_node(NODES["logic.switch"], {"cases": cases})
    assert (ran.port, ran.output) == ("big", {"case": "big", "title": "Big"})
    ran = await run_node(NODES["logic.switch"], {"cases": cases[:1]})
    assert (ran.port, ran.output) == ("else", {"case": "else", "title": ""})


async def test_filter_lets_through_or_ends_the_way() -> None:
    assert (await run_node(NODES["logic.filter"], {"conditions": above(2, 1)})).port == "out"
    assert (await run_node(NODES["logic.filter"], {"conditions": above(1, 2)})).port == "rejected"


@pytest.mark.parametrize("conditions", [{"match": "some", "rules": []}, {"rules": [5]}, {"rules": 5}])
async def test_conditions_that_cannot_be_read_are_a_users_error(conditions: dict[str, Any]) -> None:
    with pytest.raises(UserError) as caught:
        await run_node(NODES["logic.if"], {"conditions": conditions})
    assert caught.value.code == "bad_conditions"
