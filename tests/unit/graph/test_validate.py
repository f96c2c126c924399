"""Everything that can be wrong with a scenario is said, each with its place."""

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.unit.graph.strategies import graphs

from potok.graph import Graph, Problem, Types, validate
from potok.registry import Catalog

HOOK = {"id": "hook", "type": "webhook.received"}
RULE = {"left": {"$ref": ["hook", "body", "amount"]}, "op": "gt", "right": 1000}
IF = {"id": "big", "type": "logic.if", "params": {"conditions": {"match": "all", "rules": [RULE]}}}
MAIL = {"id": "mail", "type": "mail.send", "params": {"to": ["anna@example.com"], "subject": "Hi"}}
TEXT = {"id": "text", "type": "data.text", "params": {"text": "x"}}


def wire(source: str, target: str, port: str = "out") -> dict[str, str]:
    return {"source": source, "port": port, "target": target}


def graph(*nodes: dict[str, Any], edges: list[dict[str, str]] | None = None) -> Graph:
    if edges is None:
        ids = [node["id"] for node in nodes]
        ports = ["true" if node["type"] == "logic.if" else "out" for node in nodes]
        edges = [wire(a, b, port) for a, b, port in zip(ids, ids[1:], ports, strict=False)]
    return Graph.model_validate({"format": "potok/1", "nodes": list(nodes), "edges": edges})


def node(type_id: str, node_id: str = "x", **params: Any) -> dict[str, Any]:
    return {"id": node_id, "type": type_id, "params": params}


def after_hook(type_id: str, **params: Any) -> Graph:
    """The hook and one step `x`."""
    return graph(HOOK, node(type_id, **params))


def found(problems: list[Problem]) -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [(problem.code, problem.node_id, problem.path) for problem in problems]


def codes(problems: list[Problem]) -> set[str]:
    return {problem.code for problem in problems}


def test_a_good_scenario_has_no_problems(types: Types) -> None:
    good = graph(
        HOOK,
        IF,
        MAIL,
        TEXT,
        edges=[wire("hook", "big"), wire("big", "mail", "true"), wire("big", "text", "false")],
    )
    assert validate(good, types) == []


def test_an_empty_scenario_says_only_that(types: Types) -> None:
    assert found(validate(Graph(), types)) == [("empty", None, ("nodes",))]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (graph(TEXT), {("no_trigger", None, ("nodes",))}),
        (graph({**HOOK, "disabled": True}, TEXT), {("no_trigger", None, ("nodes",))}),
        (graph(HOOK), {("nothing_after_trigger", "hook", ())}),
        (graph(HOOK, TEXT, TEXT, edges=[wire("hook", "text")]), {("duplicate_id", "text", ("id",))}),
        (
            graph(HOOK, TEXT, edges=[wire("hook", "text"), wire("hook", "gone")]),
            {("dangling_edge", None, ("edges", "1"))},
        ),
        (graph(HOOK, TEXT, edges=[wire("hook", "text", "maybe")]), {("unknown_port", None, ("edges", "0"))}),
        (graph(HOOK, TEXT, edges=[wire("hook", "text"), wire("text", "text")]), {("self_edge", "text", ())}),
        (graph(HOOK, TEXT, edges=[wire("hook", "text")] * 2), {("duplicate_edge", None, ("edges", "1"))}),
        (
            graph(HOOK, TEXT, edges=[wire("hook", "text"), wire("text", "hook")]),
            {("edge_into_trigger", None, ("edges", "1")), ("cycle", "hook", ())},
        ),
        (graph(HOOK, TEXT, {**TEXT, "id": "alone"}, edges=[wire("hook", "text")]), {("unreachable", "alone", ())}),
        (after_hook("nobody.knows"), {("unknown_type", "x", ("type",))}),
        (graph(HOOK, {**node("data.text", text="a"), "version": 2}), {("newer_version", "x", ())}),
        (after_hook("data.text"), {("param_missing", "x", ("params", "text"))}),
        (after_hook("data.text", text="  "), {("param_missing", "x", ("params", "text"))}),
        (after_hook("data.text", text={"$text": ["", " "]}), {("param_missing", "x", ("params", "text"))}),
        (after_hook("data.text", text=5), {("param_not_text", "x", ("params", "text"))}),
        (after_hook("data.text", text="a", colour="red"), {("param_unknown", "x", ("params", "colour"))}),
        (after_hook("data.text", text={"$ref": ["gone", "x"]}), {("ref_missing", "x", ("params", "text"))}),
        (after_hook("data.text", text={"$ref": ["x"]}), {("ref_not_upstream", "x", ("params", "text"))}),
        (
            graph(HOOK, node("data.text", text={"$ref": ["later", "text"]}), {**TEXT, "id": "later"}),
            {("ref_not_upstream", "x", ("params", "text"))},
        ),
        (
            after_hook("data.text", text={"$text": ["a", {"$ref": ["hook", "boddy"]}]}),
            {("ref_key_unknown", "x", ("params", "text", "$text", "1"))},
        ),
        (
            graph(
                HOOK,
                node("data.set_fields", "set", fields=[{"name": "a", "value": 1}]),
                node("data.text", text={"$ref": ["set", "b"]}),
            ),
            {("ref_key_unknown", "x", ("params", "text"))},
        ),
        (after_hook("data.text", text={"$ref": "hook"}), {("pill_malformed", "x", ("params", "text"))}),
        (
            after_hook("data.set_fields", fields=[{"name": "a", "value": {"$x": 1}}]),
            {("dollar_key", "x", ("params", "fields", "0", "value", "$x"))},
        ),
        (after_hook("logic.if"), {("param_missing", "x", ("params", "conditions"))}),
        (
            after_hook("logic.if", conditions={}),
            {("condition_without_rule", "x", ("params", "conditions"))},
        ),
        (
            graph(
                HOOK, node("logic.if", conditions={"match": "all", "rules": [RULE, {"match": "any", "rules": []}]})
            ),
            {("condition_without_rule", "x", ("params", "conditions", "rules", "1"))},
        ),
        (
            after_hook("logic.if", conditions={"rules": [{"left": None, "op": "eq", "right": None}]}),
            {
                ("condition_left_missing", "x", ("params", "conditions", "rules", "0", "left")),
                ("condition_right_missing", "x", ("params", "conditions", "rules", "0", "right")),
            },
        ),
        (
            after_hook("logic.if", conditions={"rules": [{"left": 1, "op": "like", "right": 1}]}),
            {("condition_operator", "x", ("params", "conditions", "rules", "0", "op"))},
        ),
        (
            after_hook("logic.if", conditions={"$ref": ["hook", "body"]}),
            {("condition_not_a_pill", "x", ("params", "conditions"))},
        ),
        (
            graph(
                HOOK, node("logic.switch", cases=[{"id": "a", "when": {"rules": [RULE]}}, {"id": "a", "when": {}}])
            ),
            {
                ("case_twice", "x", ("params", "cases", "1", "id")),
                ("condition_without_rule", "x", ("params", "cases", "1", "when")),
            },
        ),
        (after_hook("logic.switch", cases=[]), {("param_missing", "x", ("params", "cases"))}),
        (after_hook("flow.wait"), {("param_missing", "x", ("params", "duration"))}),
        (after_hook("flow.wait", mode="until"), {("param_missing", "x", ("params", "until"))}),
        (after_hook("flow.wait", mode="later"), {("param_not_a_choice", "x", ("params", "mode"))}),
        (
            after_hook("flow.wait", mode="until", until="tomorrow"),
            {("param_invalid", "x", ("params", "until"))},
        ),
        (
            after_hook("flow.wait", duration={"amount": -1, "unit": "hours"}),
            {("param_number_too_small", "x", ("params", "duration", "amount"))},
        ),
        (
            after_hook("flow.wait", duration={"amount": 1}),
            {("param_part_missing", "x", ("params", "duration", "unit"))},
        ),
        (
            after_hook("mail.send", to=["anna"], subject="a"),
            {("param_not_email", "x", ("params", "to", "0"))},
        ),
        (after_hook("http.request", url="example.com"), {("param_not_url", "x", ("params", "url"))}),
        (
            after_hook("http.request", url="http://a", timeout=0),
            {("param_number_too_small", "x", ("params", "timeout"))},
        ),
        (
            graph({"id": "x", "type": "schedule.fired", "params": {"schedule": {"timezone": "Mars/Base"}}}, TEXT),
            {("param_invalid", "x", ("params", "schedule", "timezone"))},
        ),
        (
            graph(
                {"id": "x", "type": "schedule.fired", "params": {"schedule": {"every": "cron", "cron": "x"}}}, TEXT
            ),
            {("param_invalid", "x", ("params", "schedule"))},
        ),
        (after_hook("data.text", text="a\0"), {("value_not_storable", "x", ("params", "text"))}),
        (graph(HOOK, {**TEXT, "title": "\0"}), {("value_not_storable", "text", ("title",))}),
        (graph(HOOK, {**node("test.old", title="a"), "version": 1}), set()),
        (graph(HOOK, {**node("test.old", other="a"), "version": 1}), {("migration_failed", "x", ())}),
        (
            graph(HOOK, {**node("test.old", label="a", name=""), "version": 3}),
            {("param_unknown", "x", ("params", "label"))},
        ),
    ],
)
def test_a_problem_is_found_with_its_place(
    document: Graph, expected: set[tuple[str, str | None, tuple[str, ...]]], types: Types
) -> None:
    assert set(found(validate(document, types))) == expected


@pytest.mark.parametrize(
    "params",
    [
        {"to": {"$ref": ["hook", "body", "emails"]}, "subject": "a"},
        {"to": [{"$text": ["a@", {"$ref": ["hook", "body"]}]}], "subject": {"$ref": ["hook", "body", "x"]}},
        {"to": ["Анна <anna@example.com>, b@c.ru"], "subject": "a", "text": None},
        {"to": "a@b.ru; c@d.ru", "subject": "a"},
    ],
)
def test_a_pill_may_stand_anywhere(params: dict[str, Any], types: Types) -> None:
    assert validate(graph(HOOK, node("mail.send", **params)), types) == []


def test_hidden_fields_need_not_be_filled_in(types: Types) -> None:
    assert validate(after_hook("flow.wait", mode="until", until="2026-01-01T10:00:00Z"), types) == []
    by_data = node("flow.wait", mode={"$ref": ["hook", "body", "mode"]}, duration={"amount": 1, "unit": "days"})
    assert codes(validate(graph(HOOK, by_data), types)) == {"param_missing"}, "a pill may choose either"


def test_a_disabled_step_is_not_checked_but_its_wires_are(types: Types) -> None:
    broken = {**node("mail.send", nonsense=1), "disabled": True}
    assert validate(graph(HOOK, broken, TEXT), types) == []


def test_ports_of_a_switch_are_its_cases_and_else(types: Types) -> None:
    switch = node("logic.switch", "sw", cases=[{"id": "c1", "title": "Big", "when": {"rules": [RULE]}}])
    edges = [wire("hook", "sw"), wire("sw", "text", "c1"), wire("sw", "text", "else"), wire("sw", "text", "c2")]
    assert found(validate(graph(HOOK, switch, TEXT, edges=edges), types)) == [
        ("unknown_port", None, ("edges", "3"))
    ]


def test_a_cycle_names_the_steps_on_it_and_nothing_else(types: Types, catalog: Catalog) -> None:
    steps = [{**TEXT, "id": name, "title": f"Step {name}"} for name in "abcd"]
    edges = [wire("hook", "a"), wire("a", "b"), wire("b", "c"), wire("c", "b"), wire("c", "d")]
    (problem,) = validate(graph(HOOK, *steps, edges=edges), types)
    assert problem.words("en", catalog).message == "The steps go round in a circle: Step b → Step c → Step b."


def test_words_use_the_readers_titles_of_steps_and_fields(types: Types, catalog: Catalog) -> None:
    missing = node("mail.send", to=["a@b.ru"])
    later = node("data.text", "t", text={"$ref": ["x", "to"]})
    problems = validate(graph(HOOK, later, missing), types)
    said = {problem.code: problem.words("ru", catalog).message for problem in problems}
    assert said["param_missing"] == "Поле «Тема» не заполнено."
    assert "«Отправить письмо»" in said["ref_not_upstream"]
    zone = {"id": "x", "type": "schedule.fired", "params": {"schedule": {"timezone": "Mars/Base"}}}
    (problem,) = validate(graph(zone, TEXT), types)
    assert problem.words("ru", catalog).message == "Часового пояса «Mars/Base» нет."


def test_params_that_are_too_deep_or_too_large_are_named_and_not_entered(types: Types) -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    large = [{"name": f"n{i}", "value": "x" * 1000} for i in range(400)]
    assert codes(validate(after_hook("data.text", text=deep), types)) == {"params_too_deep"}
    assert codes(validate(graph(HOOK, node("data.set_fields", fields=large)), types)) == {"params_too_large"}
    assert codes(validate(after_hook("nobody.knows", text=deep), types)) == {
        "unknown_type",
        "params_too_deep",
    }


def long_chain(count: int) -> Graph:
    nodes: list[dict[str, Any]] = [HOOK]
    for i in range(1, count):
        kind = i % 3
        pill = {"$ref": [nodes[i // 2]["id"]]}
        if kind == 0:
            nodes.append(node("mail.send", f"n{i}", to=["a@b.ru"], subject={"$text": ["Hi ", pill]}))
        elif kind == 1:
            nodes.append(
                node(
                    "logic.if",
                    f"n{i}",
                    conditions={"match": "all", "rules": [{"left": pill, "op": "gt", "right": 1}]},
                )
            )
        else:
            nodes.append(node("data.set_fields", f"n{i}", fields=[{"name": "a", "value": pill}] * 5))
    return graph(*nodes)


def test_two_thousand_steps_are_checked_in_half_a_second(types: Types) -> None:
    document = long_chain(2000)
    started = time.perf_counter()
    problems = validate(document, types)
    assert time.perf_counter() - started < 0.5
    assert problems == []


def test_one_step_too_many_is_a_problem(types: Types) -> None:
    assert codes(validate(long_chain(2001), types)) == {"too_many_nodes"}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=graphs())
def test_no_document_breaks_the_check_and_every_problem_has_words(
    document: Graph, types: Types, catalog: Catalog
) -> None:
    for problem in validate(document, types):
        for locale in ("en", "ru"):
            words = problem.words(locale, catalog)
            assert words.message
            assert words.fix
        assert problem.severity in ("error", "warning")
        assert all(isinstance(part, str) for part in problem.path)
