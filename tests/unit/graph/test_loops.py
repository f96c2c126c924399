"""The rules of loops, of settings and of the error port, told by the validator; and settings as text."""

from typing import Any

import pytest
from tests.unit.graph.conftest import Types

from potok.graph import Graph, validate
from potok.graph.text import dumps, loads


def _graph(*edges: str, **nodes: Any) -> Graph:
    listed = [{"id": "start", "type": "manual.started"}]
    for name, given in nodes.items():
        listed.append({"id": name, **given})
    wires = []
    for text in edges:
        source, target = text.split(">")
        node, _, port = source.partition(".")
        wires.append({"source": node, "port": port or "out", "target": target})
    return Graph.model_validate({"nodes": listed, "edges": wires})


LOOP = {"type": "flow.loop", "params": {"items": {"$ref": ["start", "rows"]}}}


def _text(*ref: str) -> dict[str, Any]:
    return {"type": "data.text", "params": {"text": {"$text": ["x", {"$ref": list(ref)}]}}}


def _codes(graph: Graph, types: Types) -> set[str]:
    return {problem.code for problem in validate(graph, types)}


def test_a_loop_with_a_body_and_a_way_on_is_in_order(types: Types) -> None:
    nodes = {"l": LOOP, "a": _text("l", "item", "name"), "z": _text("l", "count")}
    assert _codes(_graph("start>l", "l.item>a", "l.done>z", **nodes), types) == set()


@pytest.mark.parametrize(
    ("edges", "code"),
    [
        (("start>l", "l.item>a", "l.done>z", "a>z"), "loop_wire_out"),
        (("start>l", "l.item>a", "l.done>z", "start>a"), "loop_wire_in"),
        (("start>l", "l.done>z", "start>a"), "loop_empty"),
        (("start>l", "l.item>a", "l.done>a", "l.done>z"), "loop_wire_out"),
    ],
)
def test_wires_across_the_border_of_a_loop_are_refused(edges: tuple[str, ...], code: str, types: Types) -> None:
    nodes = {"l": LOOP, "a": _text("start", "x"), "z": _text("start", "x")}
    assert code in _codes(_graph(*edges, **nodes), types)


def test_an_inner_loop_may_end_inside_the_outer_one(types: Types) -> None:
    inner = {"type": "flow.loop", "params": {"items": {"$ref": ["l", "item"]}}}
    nodes = {"l": LOOP, "i": inner, "a": _text("i", "item"), "b": _text("i", "count"), "z": _text("l", "items")}
    edges = ("start>l", "l.item>i", "i.item>a", "i.done>b", "l.done>z")
    assert _codes(_graph(*edges, **nodes), types) == set()
    assert "loop_wire_out" in _codes(_graph(*edges, "a>b", **nodes), types)


def test_the_item_is_known_inside_only_and_the_results_after_it_only(types: Types) -> None:
    nodes = {"l": LOOP, "a": _text("l", "items"), "z": _text("l", "item")}
    found = validate(_graph("start>l", "l.item>a", "l.done>z", **nodes), types)
    assert {(problem.node_id, problem.code) for problem in found} == {
        ("a", "ref_loop_unfinished"),
        ("z", "ref_not_in_loop"),
    }


def test_the_error_way_exists_where_it_is_set(types: Types) -> None:
    failing = {"type": "data.text", "params": {"text": "x"}, "settings": {"on_error": "branch"}}
    edges = ("start>a", "a.error>z")
    nodes = {"z": _text("a", "error", "message")}
    assert _codes(_graph(*edges, a=failing, **nodes), types) == set()
    plain = {**failing, "settings": {}}
    assert "unknown_port" in _codes(_graph(*edges, a=plain, **nodes), types)


def test_settings_that_could_have_no_effect_are_refused(types: Types) -> None:
    nodes = {"l": LOOP | {"settings": {"retry": {}}}, "a": _text("l", "item"), "z": _text("l", "count")}
    found = validate(_graph("start>l", "l.item>a", "l.done>z", **nodes), types)
    assert [(problem.code, problem.path) for problem in found] == [("setting_not_here", ("settings", "retry"))]


def test_settings_are_text_only_where_they_differ() -> None:
    graph = _graph("start>a", a=_text("start", "x"))
    assert "settings" not in dumps(graph)
    assert "settings" not in graph.model_dump()["nodes"][0]
    retry = {"attempts": 5, "on": ["busy"]}
    graph = _graph("start>a", a=_text("start", "x") | {"settings": {"on_error": "continue", "retry": retry}})
    graph = graph.model_copy(update={"settings": type(graph.settings)(run_timeout_seconds=60)})
    text = dumps(graph)
    assert 'settings: {on_error: continue, retry: {attempts: 5, "on": [busy]}}' in text
    assert loads(text) == graph
    plain_retry = _graph("start>a", a=_text("start", "x") | {"settings": {"retry": {}}})
    assert loads(dumps(plain_retry)) == plain_retry


def test_an_undoing_is_closed_and_belongs_to_actions_outside_of_loops(types: Types) -> None:
    undone = {"type": "data.text", "params": {"text": "x"}, "settings": {"undo": True}}
    nodes = {"a": undone, "u": _text("a", "text"), "z": _text("a", "text")}
    assert _codes(_graph("start>a", "a.undo>u", "a>z", **nodes), types) == set()
    assert "undo_wire_out" in _codes(_graph("start>a", "a.undo>u", "a>z", "u>z", **nodes), types)
    assert "undo_wire_in" in _codes(_graph("start>a", "a.undo>u", "a>z", "start>u", **nodes), types)
    assert "undo_empty" in _codes(_graph("start>a", "a>u", "a>z", **nodes), types)
    inner = {"l": LOOP, "a": undone, "u": _text("l", "item")}
    assert "setting_not_here" in _codes(_graph("start>l", "l.item>a", "a.undo>u", **inner), types)
