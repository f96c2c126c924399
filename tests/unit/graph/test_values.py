"""Pills and texts with pills."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.graph.strategies import IDS, LITERALS, VALUES

from potok.graph import compile_value, refs, resolve

OUTPUTS: dict[str, Any] = {
    "hook": {"body": {"amount": 1500, "items": [{"name": "Стул"}], "0": "zero", "on": True, "gone": None}},
    "if": True,
}


def ref(*steps: Any) -> dict[str, Any]:
    return {"$ref": list(steps)}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (ref("hook", "body", "amount"), 1500),
        (ref("hook", "body", "items", 0, "name"), "Стул"),
        (ref("hook", "body", "items", "0", "name"), "Стул"),
        (ref("hook", "body", 0), "zero"),
        (ref("if"), True),
        (ref("hook", "body", "items", 1), None),
        (ref("hook", "body", "items", -1), None),
        (ref("hook", "body", "items", "name"), None),
        (ref("hook", "body", "amount", "x"), None),
        (ref("hook", "nothing", "at", "all"), None),
        (ref("nobody", "x"), None),
        ({"$ref": "hook"}, None),
        ({"$ref": []}, None),
        ({"$text": ["Сумма: ", ref("hook", "body", "amount"), "!"]}, "Сумма: 1500!"),
        ({"$text": [ref("hook", "body", "gone"), ref("x")]}, ""),
        ({"$text": [ref("hook", "body", "on"), " ", ref("hook", "body", "items")]}, 'true [{"name": "Стул"}]'),
        ([{"a": ref("if")}, "plain"], [{"a": True}, "plain"]),
        ({"a": {"b": [ref("hook", "body", "amount")]}, "c": 1}, {"a": {"b": [1500]}, "c": 1}),
    ],
)
def test_a_value_resolves(value: Any, found: Any) -> None:
    before = copy.deepcopy(value)
    assert resolve(value, OUTPUTS) == found
    assert compile_value(value)(OUTPUTS) == found
    assert value == before, "resolving must not change the document"


@settings(max_examples=200)
@given(LITERALS)
def test_a_value_without_pills_comes_back_as_the_same_object(value: Any) -> None:
    assert resolve(value, OUTPUTS) is value
    assert compile_value(value)(OUTPUTS) is value


@settings(max_examples=200)
@given(VALUES, st.dictionaries(IDS, LITERALS, max_size=4))
def test_resolving_never_fails_and_is_the_same_compiled(value: Any, outputs: dict[str, Any]) -> None:
    assert resolve(value, outputs) == compile_value(value)(outputs)


def test_refs_names_every_pill_with_its_place_in_order() -> None:
    value = {"to": [ref("a", "x"), "y"], "text": {"$text": ["Hi ", ref("b")]}}
    assert list(refs(value, ("params",))) == [
        (("params", "to", 0), ["a", "x"]),
        (("params", "text", "$text", 1), ["b"]),
    ]
