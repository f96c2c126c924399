"""Limits in a document: complete, divided by what the trigger brings only, and never on what they cannot hold."""

from typing import Any

import pytest
from pydantic import ValidationError

from potok.graph import Graph, Types, validate
from potok.graph.text import dumps, loads

HOOK = {"id": "hook", "type": "webhook.received"}


def _graph(limits: Any = None, step: Any = None, trigger: Any = None) -> Graph:
    text = {"id": "text", "type": "data.text", "params": {"text": "x"}}
    return Graph.model_validate(
        {
            "settings": {"limits": limits},
            "nodes": [
                HOOK | ({"settings": {"limits": trigger}} if trigger else {}),
                text | ({"settings": {"limits": step}} if step else {}),
            ],
            "edges": [{"source": "hook", "target": "text"}],
        }
    )


def _found(graph: Graph, types: Types) -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [(one.code, one.node_id, one.path) for one in validate(graph, types)]


def test_good_limits_have_no_problems_and_survive_as_text(types: Types) -> None:
    key = {"$ref": ["hook", "body", "client"]}
    limits = {"concurrency": {"at_most": 1, "key": key}, "rate": {"at_most": 10, "per_seconds": 60}}
    graph = _graph(limits, {"name": "x", "at_once": 3, "at_most": 1, "per_seconds": 0.5})
    assert _found(graph, types) == []
    assert loads(dumps(graph)) == graph
    assert "limits" not in dumps(_graph())


@pytest.mark.parametrize(
    ("key", "code", "place"),
    [
        ({"$ref": ["text", "text"]}, "limit_key_not_trigger", ()),
        ({"$ref": ["gone"]}, "limit_key_not_trigger", ()),
        ({"$text": ["x", {"$ref": ["text"]}]}, "limit_key_not_trigger", ("$text", "1")),
        ({"$formula": "1 +"}, "formula_wrong", ("$formula",)),
    ],
)
def test_a_key_is_about_the_triggers_data(types: Types, key: Any, code: str, place: tuple[str, ...]) -> None:
    graph = _graph({"concurrency": {"at_most": 1, "key": key}})
    assert _found(graph, types) == [(code, None, ("settings", "limits", "concurrency", "key", *place))]
    said = validate(graph, types)[0]
    assert said.words("ru").message != said.words("en").message


@pytest.mark.parametrize(
    ("limits", "code", "field"),
    [
        ({"at_most": 1}, "limit_half", ("per_seconds",)),
        ({"per_seconds": 1}, "limit_half", ("at_most",)),
        ({"name": "x"}, "limit_empty", ()),
        ({"name": "x\0", "at_once": 1}, "value_not_storable", ("name",)),
    ],
)
def test_limits_of_a_step_are_complete(types: Types, limits: Any, code: str, field: tuple[str, ...]) -> None:
    assert _found(_graph(step=limits), types) == [(code, "text", ("settings", "limits", *field))]


def test_a_trigger_has_no_limits_of_its_own(types: Types) -> None:
    found = _found(_graph(trigger={"at_once": 1}), types)
    assert found == [("setting_not_here", "hook", ("settings", "limits"))]


@pytest.mark.parametrize("wrong", [{"at_most": 0}, {"at_most": -1}, {"at_most": 1, "when_full": "explode"}, {}])
def test_numbers_are_positive(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        _graph({"concurrency": wrong})
