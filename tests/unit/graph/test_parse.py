"""Anything from outside becomes a document or a list of problems; older documents are brought up to date."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.graph.conftest import Types, old
from tests.unit.graph.strategies import LITERALS, graphs

from potok.graph import FormatRefused, Graph, Node, migrate_graph, migrate_params, parse, upgrade
from potok.words import codes

KEYS = st.sampled_from(
    ["format", "title", "nodes", "edges", "id", "type", "params", "position", "source", "target", "x"]
)
RAW: st.SearchStrategy[Any] = st.recursive(
    LITERALS | st.sampled_from(["potok/1", "a.b", float("nan"), float("inf"), "a\0", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=200)
@given(RAW)
def test_nothing_breaks_it_and_every_problem_has_words(raw: Any) -> None:
    graph, problems = parse(raw)
    assert (graph is None) == bool(problems)
    for problem in problems:
        assert problem.words("en").message
        assert problem.words("ru").message


@settings(max_examples=50)
@given(graphs(LITERALS))
def test_a_stored_document_reads_back_the_same(graph: Graph) -> None:
    assert parse(graph.model_dump(mode="json")) == (graph, [])


@pytest.mark.parametrize(
    ("raw", "code", "node", "path"),
    [
        ([], "not_a_document", None, ()),
        ({"nodes": []}, "format_missing", None, ("format",)),
        ({"format": "potok/2"}, "format_newer", None, ("format",)),
        ({"format": "potok/0"}, "format_unknown", None, ("format",)),
        ({"format": 1}, "format_unknown", None, ("format",)),
        ({"format": "potok/1", "nodes": {}}, "key_wrong", None, ("nodes",)),
        ({"format": "potok/1", "x": 1}, "key_unknown", None, ("x",)),
        ({"format": "potok/1", "title": "x" * 201}, "text_too_long", None, ("title",)),
        ({"format": "potok/1", "nodes": [{"id": "1", "type": "a.b"}]}, "bad_id", None, ("nodes", "0", "id")),
        ({"format": "potok/1", "nodes": [{"id": "a", "type": "B"}]}, "bad_type_id", "a", ("type",)),
        ({"format": "potok/1", "nodes": [{"id": "a"}]}, "key_missing", "a", ("type",)),
        (
            {"format": "potok/1", "edges": [{"source": "a", "target": "b", "port": ""}]},
            "bad_port",
            None,
            ("edges", "0", "port"),
        ),
        (
            {"format": "potok/1", "nodes": [{"id": "a", "type": "a.b", "position": {"x": float("nan"), "y": 0}}]},
            "value_not_json",
            "a",
            ("position", "x"),
        ),
        (
            {"format": "potok/1", "nodes": [{"id": "a", "type": "a.b", "params": {"t": "\0"}}]},
            "value_not_storable",
            "a",
            ("params", "t"),
        ),
    ],
)
def test_a_malformed_place_is_named(raw: Any, code: str, node: str | None, path: tuple[str, ...]) -> None:
    graph, (problem,) = parse(raw)
    assert graph is None
    assert (problem.code, problem.node_id, problem.path) == (code, node, path)


def test_bottomless_json_is_refused() -> None:
    deep: Any = {}
    for _ in range(50_000):
        deep = [deep]
    graph, (problem,) = parse({"format": "potok/1", "nodes": [{"id": "a", "type": "a.b", "params": {"x": deep}}]})
    assert graph is None
    assert problem.code == "nested_too_deep"


def test_upgrade_goes_step_by_step_and_leaves_the_given_document_alone() -> None:
    steps = {
        1: lambda raw: {**raw, "nodes": [{"b": node.pop("a"), **node} for node in raw["nodes"]]},
        2: lambda raw: {**raw, "c": True},
    }
    first = {"format": "potok/1", "nodes": [{"a": 1}]}
    assert upgrade(first, steps, 3) == {"format": "potok/3", "nodes": [{"b": 1}], "c": True}
    assert first == {"format": "potok/1", "nodes": [{"a": 1}]}
    with pytest.raises(FormatRefused):
        upgrade({"format": "potok/4"}, steps, 3)
    with pytest.raises(FormatRefused):
        upgrade({"format": "potok/1"}, {2: steps[2]}, 3)
    assert upgrade(first) is first


def test_params_migrate_step_by_step() -> None:
    node = Node(id="a", type="test.old", version=1, params={"title": "x"})
    assert migrate_params(node, old.build()) == ({"name": "x"}, None)
    assert node.params == {"title": "x"}


def test_a_step_that_is_missing_or_fails_leaves_the_params_and_says_so() -> None:
    node_type = old.build()
    del node_type.migrations[2]
    for version, params, code in (
        (1, {"title": 1}, "migration_missing"),
        (1, {}, "migration_failed"),
        (4, {}, "newer_version"),
    ):
        node = Node(id="a", type="test.old", version=version, params=params)
        kept, problem = migrate_params(node, node_type)
        assert kept == params
        assert problem is not None
        assert problem.code == code


def test_a_graph_migrates_what_it_can(types: Types) -> None:
    graph = Graph(
        nodes=[
            Node(id="a", type="test.old", version=1, params={"title": "x"}),
            Node(id="b", type="test.old", version=1, params={}),
            Node(id="c", type="nobody.knows", version=7),
        ]
    )
    moved, problems = migrate_graph(graph, types)
    assert [(node.version, node.params) for node in moved.nodes] == [(3, {"name": "x"}), (1, {}), (7, {})]
    assert [problem.node_id for problem in problems] == ["b"]


def test_every_sentence_exists_in_both_languages() -> None:
    for area in ("graph.", "plugins."):
        english = {code for code in codes("en") if code.startswith(area)}
        assert english == {code for code in codes("ru") if code.startswith(area)}
