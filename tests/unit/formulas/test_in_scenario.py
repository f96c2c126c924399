"""Formulas in a scenario: found by the checks, kept by the text format, reckoned by the engine's resolver."""

from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from potok.engine.program import holds_pills
from potok.graph import Graph, Problem, compile_value, refs, resolve, text, validate
from potok.graph.formula_values import CLOCK
from potok.graph.schema import text_schema
from potok.graph.yaml_reader import read_yaml
from potok.registry import Catalog, load
from potok.sdk import UserError
from potok.settings import REPOSITORY

OUTPUTS: dict[str, Any] = {"hook": {"body": {"amount": "12.50", "items": [{"n": 2}, {"n": 3}], "who": "Анна"}}}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """All shipped node types."""
    return load(REPOSITORY / "plugins").catalog


def graph(**params: Any) -> Graph:
    """A webhook and one step that sets fields."""
    fields = [{"name": name, "value": value} for name, value in params.items()]
    nodes = [
        {"id": "hook", "type": "webhook.received"},
        {"id": "set", "type": "data.set_fields", "params": {"fields": fields}},
        {"id": "late", "type": "data.text", "params": {"text": "x"}},
    ]
    edges = [{"source": "hook", "target": "set"}, {"source": "set", "target": "late"}]
    return Graph.model_validate({"format": "potok/1", "nodes": nodes, "edges": edges})


def problems(formula: str, catalog: Catalog) -> list[Problem]:
    return validate(graph(sum={"$formula": formula}), catalog)


def test_a_formula_anywhere_in_a_value_is_reckoned() -> None:
    value = {
        "total": [{"$formula": "@hook.body.amount * SUM(@hook.body.items.n)"}],
        "text": {
            "$text": ["Всего: ", {"$formula": "ROUND(@hook.body.amount; 1)"}, {"$ref": ["hook", "body", "who"]}]
        },
        "plain": 1,
    }
    assert resolve(value, OUTPUTS) == {"total": [62.5], "text": "Всего: 12.5Анна", "plain": 1}
    assert list(refs(value)) == [
        (("total", 0, "$formula"), ["hook", "body", "amount"]),
        (("total", 0, "$formula"), ["hook", "body", "items", "n"]),
        (("text", "$text", 1, "$formula"), ["hook", "body", "amount"]),
        (("text", "$text", 2), ["hook", "body", "who"]),
    ]


def test_the_moment_comes_from_the_engine() -> None:
    value = {"$formula": "TODAY() + 1"}
    now = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert resolve(value, {CLOCK: lambda: now}) == "2026-11-25"
    with pytest.raises(UserError, match="no present moment"):
        resolve(value, {})


def test_a_formula_without_data_is_still_reckoned_at_each_run() -> None:
    assert holds_pills({"x": {"$formula": "1 / 0"}})
    assert not holds_pills({"x": {"y": 1}})


def test_a_refusal_names_the_field_the_place_and_a_way_out(catalog: Catalog) -> None:
    value = {"fields": [{"value": {"$formula": "1 + 1 / (@hook.body.amount - 12.5)"}}]}
    with pytest.raises(UserError) as caught:
        compile_value(value)(OUTPUTS)
    error = caught.value
    assert (error.field, error.code) == ("fields.0.value", "formula.divide_by_zero")
    assert (error.params["start"], error.params["end"]) == (4, 34)
    assert "character 5: Division by zero." in error.message
    stored = {
        "code": error.code,
        "message": error.message,
        "fix": error.fix,
        "params": error.params,
        "field": "fields",
    }
    shown = catalog.localize_error(stored, "ru", "data.set_fields")
    assert "символ 5: Деление на ноль." in shown["message"]
    assert "ЕСЛИОШИБКА" in shown["fix"]


@pytest.mark.parametrize(
    ("formula", "code", "path_end", "position"),
    [
        ("1 +", "formula_wrong", "$formula", 4),
        ("hook.body", "formula_wrong", "$formula", 1),
        ('ROUND("x")', "formula_wrong", "$formula", 7),
        ("@gone.x", "ref_missing", "$formula", None),
        ("1 + @late.text", "ref_not_upstream", "$formula", None),
        ("@hook.nope + 1", "ref_key_unknown", "$formula", None),
    ],
)
def test_the_check_says_what_is_wrong_and_where(
    formula: str, code: str, path_end: str, position: int | None, catalog: Catalog
) -> None:
    (problem,) = problems(formula, catalog)
    assert (problem.code, problem.path) == (code, ("params", "fields", "0", "value", path_end))
    assert problem.params.get("position") == position
    for locale in ("ru", "en"):
        assert problem.words(locale, catalog).message


@pytest.mark.parametrize(
    "formula",
    [
        "1 + 1",
        "@hook.body.any.thing * 2",
        "SUM(MAP(@hook.body.items; item.price))",
        "NOW()",
        'IF(@hook.body.x > 1; "a"; 5)',
    ],
)
def test_a_good_formula_has_no_problems(formula: str, catalog: Catalog) -> None:
    assert problems(formula, catalog) == []


def test_a_result_that_does_not_fit_the_field_is_said(catalog: Catalog) -> None:
    node = {
        "id": "x",
        "type": "http.request",
        "params": {"url": "https://example.com", "timeout": {"$formula": "{1; 2}"}},
    }
    made = Graph.model_validate({"format": "potok/1", "nodes": [{"id": "hook", "type": "webhook.received"}, node], "edges": [{"source": "hook", "target": "x"}]})  # fmt: skip # noqa: E501
    (problem,) = validate(made, catalog)
    assert problem.code == "formula_result"
    assert "список" in problem.words("ru", catalog).message


@pytest.mark.parametrize("value", [{"$formula": 1}, {"$formula": "1", "x": 2}, {"$formula": None}])
def test_a_malformed_formula_is_refused(value: Any, catalog: Catalog) -> None:
    assert [one.code for one in validate(graph(sum=value), catalog)] == ["pill_malformed"]
    assert resolve(value, {}) is None


def test_an_empty_formula_leaves_a_required_field_empty(catalog: Catalog) -> None:
    made = graph(a=1)
    made.nodes[2].params = {"text": {"$formula": "  "}}
    assert [one.code for one in validate(made, catalog)] == ["param_missing"]


def test_the_text_format_and_its_schema_know_formulas() -> None:
    made = graph(
        sum={"$formula": 'IF(@hook.body.x > 1; "да: #1"; {1, 2})\n& "x"'}, text={"$text": ["a", {"$formula": "1"}]}
    )
    written = text.dumps(made)
    assert text.loads(written) == made
    raw, _ = read_yaml(written)
    jsonschema.Draft202012Validator(text_schema()).validate(raw)
    raw["nodes"][1]["params"]["fields"][0]["value"] = {"$formula": 5}
    assert not jsonschema.Draft202012Validator(text_schema()).is_valid(raw)
