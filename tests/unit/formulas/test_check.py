"""What the check says before anything runs: names, kinds, the kind of the result."""

import pytest

from potok.graph.formulas import Scope, check, of_schema, of_value, parse
from potok.graph.formulas.types import DATE, DATETIME, DURATION, MONEY, NUMBER, TEXT, list_of, record_of

ITEM = record_of({"name": TEXT, "price": NUMBER, "paid": MONEY}, closed=True)
DEAL = record_of({"title": TEXT, "sum": MONEY, "closed": DATE, "at": DATETIME, "took": DURATION, "items": list_of(ITEM)}, closed=True)  # fmt: skip # noqa: E501
SCOPE = Scope({"deal": DEAL, "count": NUMBER}, {"hook": of_value({"body": {"n": 1, "who": "x"}})})


def codes(text: str) -> list[str]:
    return [mistake.code for mistake in check(parse(text), SCOPE).mistakes]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 + 2", "number"),
        ("deal.sum + 1", "money"),
        ("deal.sum / deal.sum", "number"),
        ("deal.closed + 1", "date"),
        ("deal.at - deal.at", "duration"),
        ("deal.at + deal.took", "datetime"),
        ("deal.closed - deal.closed", "number"),
        ("1 > 2", "boolean"),
        ('"a" & 1', "text"),
        ("SUM(deal.items.price)", "number"),
        ("SUM(deal.items.paid)", "money"),
        ("MAP(deal.items; item.name)[1]", "text"),
        ("FIRST(FILTER(deal.items; item.price > 1)).name", "text"),
        ("SORT(deal.items; i => i.price)[1].price", "number"),
        ("IF(count > 1; deal.sum; 0)", "any"),
        ("IF(count > 1; 1; 2)", "number"),
        ('SWITCH(count; 1; "a"; "b")', "text"),
        ("COALESCE(EMPTY; deal.title)", "text"),
        ("ROUND(deal.sum; 2)", "money"),
        ("EDATE(deal.closed; 1)", "date"),
        ("@hook.body.n * 2", "number"),
        ("INDEX(deal.items; 1).paid", "money"),
    ],
)
def test_the_kind_of_the_result_is_known(text: str, kind: str) -> None:
    found = check(parse(text), SCOPE)
    assert found.mistakes == []
    assert found.type.kind == kind


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("dael.sum", ["unknown_name_near"]),
        ("deal.summ", ["unknown_field_near"]),
        ("deal.items.cost", ["unknown_field"]),
        ("MAP(deal.items; item.cost)", ["unknown_field"]),
        ("item.price", ["item_not_here"]),
        ("@nobody.x", ["unknown_step"]),
        ("deal.title.x", ["not_a_record"]),
        ("deal.title[1]", ["not_a_list"]),
        ("deal.items + 1", ["sign_mismatch"]),
        ("deal.closed * 2", ["sign_mismatch"]),
        ("deal.took + 1", ["sign_mismatch"]),
        ('"abc" * 2', ["bad_text"]),
        ('"5" * 2', []),
        ("deal.title * 2", []),
        ("-deal.closed", ["wrong_kind"]),
        ("ROUND(deal.closed)", ["wrong_kind"]),
        ("SUMIF(1; 2)", ["wrong_kind"]),
        ("YEAR(count)", ["wrong_kind"]),
        ("SQRT(deal.sum)", ["wrong_kind"]),
        ("deal.items & 1", ["wrong_kind"]),
        ("deal.items > 1", ["no_order"]),
        ("deal.closed > 1", ["no_order"]),
        ('deal.closed > "2026-01-01"', []),
        ("ROUND()", ["too_few_arguments"]),
        ("PI(1; nope)", ["too_many_arguments", "unknown_name"]),
        ("SUM(nope; deal.x; 1 / {2})", ["unknown_name", "unknown_field", "sign_mismatch"]),
    ],
)
def test_mistakes_are_found_before_anything_runs(text: str, wanted: list[str]) -> None:
    assert codes(text) == wanted


def test_a_json_schema_says_what_a_step_yields() -> None:
    trees = {"type": "array", "items": {"$ref": "#/$defs/Tree"}}
    fields = {"n": {"type": "integer"}, "at": {"type": "string", "format": "date-time"}, "tree": trees["items"]}
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": fields,
        "$defs": {"Tree": {"type": "object", "properties": {"kids": trees}}},
    }
    scope = Scope({"x": of_schema(schema)})
    assert check(parse("x.n + 1"), scope).type == NUMBER
    assert check(parse("x.at"), scope).type == DATETIME
    assert check(parse("x.tree.kids[1].kids"), scope).type.kind == "list"
    assert [one.code for one in check(parse("x.m"), scope).mistakes] == ["unknown_field"]
