"""The start condition of a trigger: which rules stopped an event, what is kept of them, how it is checked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from potok.graph.explain import LONGEST, MOST, StartCondition, Stopped, explain, explain_cases, shown
from potok.graph.model import Graph
from potok.graph.rule_words import all_words, rule_words, rules_of, stop_words
from potok.graph.text import dumps, loads
from potok.graph.validate import validate
from potok.sdk.conditions import OPS
from potok.words import LOCALES

AMOUNT = {"$ref": ["hook", "body", "amount"]}


def rule(left: Any, op: str, right: Any = None) -> dict[str, Any]:
    """One rule."""
    return {"left": left, "op": op, "right": right}


def conditions(*rules: dict[str, Any], match: str = "all") -> dict[str, Any]:
    """A conditions value."""
    return {"match": match, "rules": list(rules)}


def stopped(given: dict[str, Any], payload: Any) -> Stopped | None:
    """What the condition of the trigger `hook` says of a payload."""
    return StartCondition("hook", given).stops(payload, lambda: datetime(2026, 11, 24, tzinfo=UTC))


def test_a_condition_that_holds_stops_nothing() -> None:
    assert stopped(conditions(rule(AMOUNT, "gt", 1000)), {"body": {"amount": 1500}}) is None


def test_the_rule_that_did_not_hold_is_named_with_what_was_found() -> None:
    given = conditions(rule(AMOUNT, "gt", 1000), rule({"$ref": ["hook", "method"]}, "eq", "POST"))
    stop = stopped(given, {"body": {"amount": 900}, "method": "POST"})
    assert stop is not None
    assert stop.stored() == {
        "stopped_by": "condition",
        "rules": [{"label": "body · amount", "op": "gt", "found": "900", "wanted": "1000"}],
    }


def test_of_any_every_rule_is_named_and_of_a_group_only_its_guilty_ones() -> None:
    inner = conditions(rule(AMOUNT, "lt", 5), rule("x", "eq", "x"))
    stop = stopped(conditions(rule(AMOUNT, "gt", 1000), inner, match="any"), {"body": {"amount": 900}})
    assert stop is not None
    assert [one.op for one in stop.rules] == ["gt", "lt"]


def test_missing_data_is_nothing_and_never_an_error() -> None:
    payloads: list[Any] = [None, [], "text", {}, {"body": "text"}, {"body": {"amount": {}}}]
    for payload in payloads:
        stop = stopped(conditions(rule(AMOUNT, "gt", 1000)), payload)
        assert stop is not None
        assert not stop.error


def test_values_are_kept_short_whatever_was_sent() -> None:
    long = "ё" * 5000
    payload: dict[str, Any] = {"body": {"amount": [long] * 50, "name": long, "deep": {long: 1}}}
    names = [{"$ref": ["hook", "body", key]} for key in ("amount", "name", "deep")]
    names.append({"$ref": ["hook", "body", long]})
    stop = stopped(conditions(*(rule(name, "eq", long + "!") for name in names)), payload)
    assert stop is not None
    kept = stop.stored()["rules"]
    assert len(kept) == 4
    assert all(len(text or "") <= LONGEST for one in kept for text in one.values())
    assert shown("x" * LONGEST) == "x" * LONGEST


def test_only_so_many_rules_are_kept() -> None:
    stop = stopped(conditions(*[rule(AMOUNT, "gt", number) for number in range(100)]), {"body": {"amount": -1}})
    assert stop is not None
    assert len(stop.rules) == MOST


def test_a_formula_without_a_value_stops_the_start_and_says_why_in_both_languages() -> None:
    stop = stopped(conditions(rule({"$formula": "1/0"}, "gt", 1)), {})
    assert stop is not None
    kept = stop.stored()
    assert kept["stopped_by"] == "condition_error"
    assert "Division by zero" in stop_words(kept).message
    assert "ноль" in stop_words(kept, "ru").message


def test_a_formula_reads_the_payload_and_is_the_name_of_what_it_gives() -> None:
    given = conditions(rule({"$formula": "@hook.body.amount * 2"}, "gte", 2000))
    assert stopped(given, {"body": {"amount": 1000}}) is None
    stop = stopped(given, {"body": {"amount": 999}})
    assert stop is not None
    assert (stop.rules[0].label, stop.rules[0].found) == ("@hook.body.amount * 2", "1998")


def test_conditions_nobody_can_read_stop_the_start_instead_of_raising() -> None:
    for given in ({"match": "some", "rules": []}, {"rules": ["x"]}, {"rules": [{"op": "like"}]}):
        stop = stopped(given, {})
        assert stop is not None
        assert stop.error


def test_what_held_is_explained_too() -> None:
    held, rules = explain(None, conditions(rule(5, "gt", 1), rule(5, "lt", 9)))
    assert held
    assert all_words(rules) == "5 is greater than 1; 5 is less than 9"


def test_a_switch_is_explained_way_by_way_up_to_the_one_taken() -> None:
    cases = [
        {"id": "c1", "title": "Big", "when": conditions(rule(7, "gt", 100))},
        {"id": "c2", "title": "", "when": conditions(rule(7, "gt", 5))},
        {"id": "c3", "title": "Any", "when": conditions(rule(7, "gt", 0))},
    ]
    assert [(one.case, one.holds) for one in explain_cases(None, cases)] == [("Big", False), ("2", True)]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("op", sorted(OPS))
def test_every_operator_has_words_for_yes_and_no(op: str, locale: str) -> None:
    for left in ("abc", None):
        _, rules = explain(None, conditions(rule(left, op, "xyz")))
        assert rule_words(rules[0], locale)


def test_the_words_name_data_value_and_wish() -> None:
    stop = stopped(conditions(rule(AMOUNT, "gt", 1000)), {"body": {"amount": 900}})
    assert stop is not None
    words = stop_words(stop.stored())
    assert words.message == "The start condition does not hold: amount (900) is not greater than 1000."
    russian = stop_words(stop.stored(), "ru").message
    assert russian == "Условие запуска не выполнено: amount (900) не больше 1000."
    absent = stopped(conditions(rule({"$ref": ["hook", "body", "name"]}, "exists")), {"body": {}})
    assert absent is not None
    assert all_words(absent.rules) == "name is missing"


def test_what_was_kept_by_others_is_read_with_care() -> None:
    assert rules_of({"rules": "x"}) == []
    assert rules_of({"rules": [None, {"op": "like"}, {"op": "eq"}]})[0].found is None
    assert stop_words({"stopped_by": "moon"}).message == "It was not started (moon)."


def document(node: str = "hook", **settings: Any) -> Graph:
    """A webhook and a step, one of them with these settings."""
    nodes: list[dict[str, Any]] = [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "note", "type": "data.text", "params": {"text": "x"}},
    ]
    next(one for one in nodes if one["id"] == node)["settings"] = settings
    edges = [{"source": "hook", "port": "out", "target": "note"}]
    return Graph.model_validate({"nodes": nodes, "edges": edges})


def test_a_good_start_condition_has_no_problems_and_survives_as_text(catalog: Any) -> None:
    graph = document(start_if=conditions(rule(AMOUNT, "gt", 1000)))
    assert validate(graph, catalog) == []
    assert loads(dumps(graph)) == graph
    assert "start_if" not in dumps(document())


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"match": "all", "rules": []}, "condition_without_rule", ("settings", "start_if")),
        ({}, "condition_without_rule", ("settings", "start_if")),
        (conditions(rule("", "eq", 1)), "condition_left_missing", ("settings", "start_if", "rules", "0", "left")),
        (
            conditions(rule({"$ref": ["note", "text"]}, "eq", 1)),
            "start_if_foreign",
            ("settings", "start_if", "rules", "0", "left"),
        ),
        (
            conditions(rule({"$formula": "1 +"}, "eq", 1)),
            "formula_wrong",
            ("settings", "start_if", "rules", "0", "left", "$formula"),
        ),
        (conditions(rule("x" * 300_000, "eq", 1)), "params_too_large", ("settings", "start_if")),
    ],
)
def test_a_bad_start_condition_is_named_with_its_place(
    catalog: Any, given: dict[str, Any], code: str, path: tuple[str, ...]
) -> None:
    [problem] = validate(document(start_if=given), catalog)
    assert (problem.code, problem.path, problem.node_id) == (code, path, "hook")
    for locale in LOCALES:
        assert problem.words(locale, catalog).message
        assert "start_if" not in problem.words(locale, catalog).message


def test_only_triggers_have_one(catalog: Any) -> None:
    [problem] = validate(document("note", start_if=conditions(rule(1, "eq", 1))), catalog)
    assert (problem.code, problem.path) == ("setting_not_here", ("settings", "start_if"))
