"""A change of a record: every problem at once, formulas after what they read, errors that do not stop the rest."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from potok.graph.formulas import CycleError
from potok.records.change import Draft, difference, draft, reckon, title_of
from potok.records.shape import Shape, make_field, make_shape

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def shape(title_field: str = "", **fields: Any) -> Shape:
    rows = [
        SimpleNamespace(
            id=uuid7(),
            key=key,
            kind=one[0],
            settings=one[1] if len(one) > 1 else {},
            names={"en": key},
            required=len(one) > 2 and "required" in one[2],
            is_unique=len(one) > 2 and "unique" in one[2],
            rights={},
            default=one[3] if len(one) > 3 else None,
        )
        for key, one in fields.items()
    ]
    owner = SimpleNamespace(id=uuid7(), key="deal", workspace_id=uuid7(), names={}, title_field=title_field)
    return make_shape(owner, [make_field(row) for row in rows])


def alone(of: Shape, record_id: str, data: Any, word: str) -> None:
    """Nothing is related to anything."""


def reckoned(of: Shape, patch: dict[str, Any], old: dict[str, Any] | None = None) -> Draft:
    made = draft(of, old, patch, NOW)
    assert not made.problems
    reckon(of, "me", made, alone, NOW)
    return made


def test_every_problem_is_told_at_once() -> None:
    deal = shape(title=("text", {}, "required"), sum=("money",), close=("date",), number=("autonumber",))
    made = draft(deal, None, {"sum": "much", "close": "soon", "number": "7", "colour": 1}, NOW)
    assert sorted(problem.code for problem in made.problems) == [
        "record.no_such_field",
        "record.value.computed",
        "record.value.not_date",
        "record.value.not_number",
        "record.value.required",
    ]


def test_the_kopecks_of_a_discount_are_exact() -> None:
    deal = shape(
        sum=("money",),
        discount=("calculated", {"options": [{"id": "five", "names": {"en": "5 %"}, "value": "0.05"}]}),
        total=("formula", {"formula": "ROUND(sum * (1 - discount); 2)", "result": "money"}),
    )
    made = reckoned(deal, {"sum": "1999.99", "discount": "five"})
    assert made.data["total"] == {"amount": "1899.99", "currency": "RUB"}
    back = reckoned(deal, {"discount": None}, made.data)
    assert back.data["total"] == {"amount": "1999.99", "currency": "RUB"}


def test_a_formula_is_reckoned_after_those_it_reads_whatever_their_order() -> None:
    room = shape(
        walls=("formula", {"formula": "perimeter * height"}),
        perimeter=("formula", {"formula": "2 * (length + width)"}),
        length=("number",),
        width=("number",),
        height=("number",),
        floor=("formula", {"formula": "length * width"}),
    )
    data = reckoned(room, {"length": 5, "width": 6, "height": 3}).data
    assert (data["floor"], data["walls"]) == (Decimal(30), Decimal(66))


def test_formulas_that_need_one_another_are_refused_with_the_path() -> None:
    with pytest.raises(CycleError) as caught:
        shape(
            a=("formula", {"formula": "b + 1"}),
            b=("formula", {"formula": "c + 1"}),
            c=("formula", {"formula": "a"}),
        )
    assert {step[0] for step in caught.value.path} == {"a", "b", "c"}


def test_a_formula_without_a_value_says_why_and_the_others_go_on() -> None:
    deal = shape(a=("number",), b=("formula", {"formula": "1 / a"}), c=("formula", {"formula": "a + 1"}))
    made = reckoned(deal, {"a": 0})
    assert made.data["c"] == Decimal(1)
    assert "b" not in made.data
    assert made.errors["b"]["code"] == "divide_by_zero"
    mended = reckoned(deal, {"a": 4}, made.data)
    assert mended.data["b"] == Decimal("0.25")
    assert mended.errors == {}


def test_defaults_fill_a_new_record_only() -> None:
    deal = shape(source=("text", {}, "", "site"), title=("text",))
    assert reckoned(deal, {"title": "x"}).data["source"] == "site"
    assert reckoned(deal, {"source": None}).data == {}
    assert reckoned(deal, {"title": "y"}, {"title": "x"}).data == {"title": "y"}


def test_a_required_field_may_not_be_emptied_but_an_old_gap_does_not_block_other_changes() -> None:
    deal = shape(title=("text", {}, "required"), note=("text",))
    assert draft(deal, {"title": "x"}, {"title": ""}, NOW).problems[0].code == "record.value.required"
    assert draft(deal, {}, {"note": "n"}, NOW).problems == []


def test_the_difference_has_before_and_after_of_what_changed_only() -> None:
    assert difference({"a": 1, "b": Decimal("2.0")}, {"b": 2, "c": 3}) == {"a": (1, None), "c": (None, 3)}


def test_a_record_is_called_by_its_title_field() -> None:
    deal = shape("sum", sum=("money",))
    assert title_of(deal, {"sum": {"amount": "5", "currency": "RUB"}}) == "5 RUB"
    assert title_of(deal, {}) == ""
