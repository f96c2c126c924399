"""Set fields and text."""

from pathlib import Path

import pytest

from potok.sdk import UserError
from potok.sdk.testing import load_nodes, run_node

NODES = load_nodes(Path(__file__).parent)


async def test_set_fields_builds_an_object_in_order_and_the_later_name_wins() -> None:
    fields = [{"name": "b", "value": [1]}, {"name": "a"}, {"name": "b", "value": {"x": None}}]
    ran = await run_node(NODES["data.set_fields"], {"fields": fields})
    assert list(ran.output.items()) == [("b", {"x": None}), ("a", None)]


async def test_set_fields_without_fields_says_so() -> None:
    with pytest.raises(UserError):
        await run_node(NODES["data.set_fields"], {"fields": []})


async def test_text_takes_anything_as_text() -> None:
    assert (await run_node(NODES["data.text"], {"text": "Привет"})).output == {"text": "Привет"}
    assert (await run_node(NODES["data.text"], {"text": 5})).output == {"text": "5"}
    assert (await run_node(NODES["data.text"], {"text": None})).output == {"text": ""}
