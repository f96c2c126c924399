"""The readable text of a scenario."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from tests.unit.graph.strategies import LITERALS, graphs

from potok.graph import Graph
from potok.graph.schema import text_schema
from potok.graph.text import DocumentError, TextError, dumps, loads

CHECKER = jsonschema.Draft202012Validator(text_schema())
SCHEMA = Path(__file__).parents[3] / "docs" / "schema" / "potok-1.json"

EXAMPLE = """\
format: potok/1
title: Заявка с сайта
nodes:
  - id: hook
    type: webhook.received
    at: [40, 80.5]
  - id: big
    type: logic.if
    title: Крупная?
    params:
      conditions:
        match: all
        rules:
          - {left: {$ref: [hook, body, amount]}, op: gt, right: 1000}
  - id: mail
    type: mail.send
    version: 2
    disabled: true
    params:
      to: [anna@example.com]
      subject:
        $text: ["Сумма ", {$ref: [hook, body, amount]}]
      text: |
        Здравствуйте!

          Отступ сохраняется.
      code: "007"
      word: "no"
      date: "2026-01-01"
      power: "1e3"
edges:
  - {from: hook, to: big}
  - {from: big, port: "true", to: mail}
"""


def test_the_example_reads_and_writes_back_byte_for_byte() -> None:
    graph = loads(EXAMPLE)
    assert dumps(graph) == EXAMPLE
    mail = graph.nodes[2]
    assert (mail.version, mail.disabled) == (2, True)
    assert mail.params["text"] == "Здравствуйте!\n\n  Отступ сохраняется.\n"
    assert [mail.params[key] for key in ("code", "word", "date", "power")] == ["007", "no", "2026-01-01", "1e3"]
    assert (graph.nodes[0].position.x, graph.nodes[0].position.y) == (40, 80.5)


@settings(max_examples=120, deadline=None)
@given(graphs(LITERALS))
def test_any_graph_comes_back_the_same_and_writes_the_same_bytes(graph: Graph) -> None:
    text = dumps(graph)
    again = loads(text)
    assert again == graph
    assert repr([node.params for node in again.nodes]) == repr(
        [node.params for node in graph.nodes]
    )  # 1 is not 1.0
    assert dumps(again) == text


@settings(max_examples=50, deadline=None)
@given(graphs(LITERALS))
def test_any_graph_reads_the_same_in_an_ordinary_yaml_library(graph: Graph) -> None:
    found = yaml.load(dumps(graph), Loader=yaml.CSafeLoader)
    assert [node.get("params", {}) for node in found["nodes"]] == [node.params for node in graph.nodes]


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_text_of_documents_with_pills_comes_back_too(graph: Graph) -> None:
    assert dumps(loads(dumps(graph))) == dumps(graph)


def test_plain_words_are_texts_as_in_yaml_1_2() -> None:
    graph = loads(
        "format: potok/1\nnodes:\n - {id: a, type: a.b, params: {a: no, b: 1e3, c: 12:30, d: 010, e: ~}}"
    )
    assert graph.nodes[0].params == {"a": "no", "b": "1e3", "c": "12:30", "d": "010", "e": None}


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("format: potok/1\ntitle: [1, 2\n", 3, 1, "cannot be read"),
        ("format: potok/1\ntitle: a\ntitle: b\n", 3, 1, "stands twice"),
        ("format: potok/1\nnodes: &x []\nedges: *x\n", 2, 8, "aliases"),
        ("format: !!python/object:os.system potok/1\n", 1, 9, "Tags"),
        ("format: potok/1\n1: 2\n", 2, 1, "key must be a text"),
        ("format: potok/1\nnodes:\n  - id: a\n    type: B\n", 4, 11, "no type of block"),
        ("format: potok/1\nnodes:\n  - id: a\n    type: a.b\n    colour: red\n", 5, 13, "Nobody knows"),
        ("format: potok/1\nedges:\n  - {from: 1a, to: b}\n", 3, 12, "cannot be an id"),
        ("format: potok/1\nnodes:\n  - {id: a, type: a.b, at: [x, 1]}\n", 3, 28, "wrong kind"),
        ("format: potok/1\nnodes:\n  - {id: a, type: a.b, position: {x: 1}}\n", 3, 34, "Nobody knows"),
        ("format: potok/2\n", 1, 9, "newer format"),
        ("format: other\n", 1, 9, "unknown"),
        ("title: x\n", 1, 1, "does not say its format"),
        ("- 1\n", 1, 1, "not a scenario"),
        ("", 1, 1, "not a scenario"),
        ("format: potok/1\n---\nformat: potok/1\n", 2, 1, "second document"),
        ("a: \x01", 1, 4, "cannot be read"),
        ("a: \ud800", 1, 4, "cannot be read"),
    ],
)
def test_a_text_that_cannot_be_read_names_line_column_and_cause(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(TextError) as caught:
        loads(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    said = caught.value.words("en")
    assert words in said.message
    assert said.fix
    assert caught.value.words("ru").message != said.message


def test_every_malformed_place_is_listed() -> None:
    with pytest.raises(DocumentError) as caught:
        loads("format: potok/1\nnodes:\n  - {id: 1, type: x}\n  - {type: a.b}\nedges: [{from: a}]\n")
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 5000, "? " * 5000])
def test_bottomless_nesting_is_refused_at_once(text: str) -> None:
    with pytest.raises(TextError, match=r"nested|cannot be read|key must"):
        loads(text)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))
    with pytest.raises(TextError, match="aliases"):
        loads(bomb)


def test_a_text_beyond_the_size_limit_is_refused() -> None:
    with pytest.raises(TextError, match="larger than 8 MB"):
        loads("x" * (8 * 1024 * 1024 + 1))


def test_the_committed_schema_is_the_present_one() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == text_schema()


@settings(max_examples=50, deadline=None)
@given(graphs(LITERALS))
def test_whatever_is_written_fits_the_schema(graph: Graph) -> None:
    CHECKER.validate(yaml.load(dumps(graph), Loader=yaml.CSafeLoader))


def test_the_schema_refuses_what_loads_refuses() -> None:
    jsonschema.Draft202012Validator.check_schema(text_schema())
    good = yaml.safe_load(EXAMPLE)
    CHECKER.validate(good)
    for broken in (
        {**good, "format": "potok/2"},
        {**good, "nodes": [{"id": "1", "type": "a.b"}]},
        {**good, "edges": [{"from": "a"}]},
        {**good, "nodes": [{"id": "a", "type": "a.b", "params": {"x": {"$ref": []}}}]},
        {**good, "nodes": [{"id": "a", "type": "a.b", "params": {"x": {"$other": 1}}}]},
    ):
        assert not CHECKER.is_valid(broken)
