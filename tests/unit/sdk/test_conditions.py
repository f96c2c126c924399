"""What conditions mean."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from potok.sdk import holds
from potok.sdk.conditions import OPS, UNARY, compare, equal

ANY: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("left", "op", "right", "expected"),
    [
        (1500, "gt", 1000, True),
        ("1500", "gt", 1000, True),
        (" 1500 ", "eq", "1500.00", True),
        (0.1 + 0.2, "eq", "0.3", False),
        (0.3, "eq", "0.3", True),
        ("9", "lt", "10", True),
        ("1e2", "eq", 100, True),
        (10**30, "gt", 10**30 - 1, True),
        (1, "gte", 1, True),
        (1, "lte", 0, False),
        ("2026-01-02", "gt", "2026-01-01", True),
        ("2026-01-01T12:00:00+03:00", "eq", "2026-01-01T09:00:00Z", True),
        ("2026-01-01", "eq", "2026-01-01T00:00:00", True),
        (datetime(2026, 1, 1), "lt", "2026-01-01T00:00:01", True),  # noqa: DTZ001  # without a zone on purpose
        (date(2026, 1, 1), "eq", "2026-01-01", True),
        ("2026-99-99", "eq", "2026-99-99", True),
        ("Анна", "eq", "АННА", True),
        ("Straße", "eq", "STRASSE", True),
        ("яблоко", "gt", "арбуз", True),
        (None, "eq", None, True),
        (None, "eq", "", True),
        (None, "ne", "x", True),
        (None, "gt", 0, False),
        (None, "lt", 0, False),
        ("", "lt", "a", False),
        (True, "eq", "true", True),
        (True, "eq", 1, False),
        ([1, "2"], "eq", ["1", 2.0], True),
        ({"a": "1"}, "eq", {"a": 1}, True),
        ({"a": 1}, "eq", {"b": 1}, False),
        ("Привет, мир", "contains", "МИР", True),
        ("Привет", "contains", "", False),
        ([1, 2], "contains", "2", True),
        ({"name": 1}, "contains", "Name", True),
        ("Привет", "not_contains", "пока", True),
        ("+7 900", "starts_with", "+7", True),
        ("file.PDF", "ends_with", ".pdf", True),
        ("x", "starts_with", "", False),
        ("b", "in", "a, B; c", True),
        (2, "in", ["1", "2"], True),
        (2, "in", 2, True),
        ("d", "in", "a,b", False),
        ("  ", "is_empty", None, True),
        ([], "is_empty", None, True),
        (0, "is_empty", None, False),
        ({}, "is_not_empty", None, False),
        ("да", "is_true", None, True),
        (1, "is_true", None, True),
        ("maybe", "is_true", None, False),
        (False, "is_false", None, True),
        (None, "is_false", None, True),
        ("maybe", "is_false", None, False),
        ("", "exists", None, True),
        (None, "exists", None, False),
    ],
)
def test_a_rule(left: Any, op: str, right: Any, expected: bool) -> None:
    assert holds({"match": "all", "rules": [{"left": left, "op": op, "right": right}]}) is expected


def test_all_any_and_groups() -> None:
    yes = {"left": 1, "op": "eq", "right": 1}
    no = {"left": 1, "op": "eq", "right": 2}
    assert holds({"match": "all", "rules": [yes, {"match": "any", "rules": [no, yes]}]})
    assert not holds({"match": "all", "rules": [yes, no]})
    assert holds({"match": "any", "rules": [no, yes]})
    assert holds({"rules": []})
    assert not holds({"match": "any", "rules": []})


@pytest.mark.parametrize("conditions", [{"match": "some", "rules": []}, {"rules": [{"left": 1, "op": "like"}]}])
def test_an_unknown_word_is_an_error_not_an_answer(conditions: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"match|operator"):
        holds(conditions)


@given(ANY, st.sampled_from(sorted(OPS)), ANY)
def test_any_two_values_can_be_compared(left: Any, op: str, right: Any) -> None:
    assert holds({"rules": [{"left": left, "op": op, "right": right}]}) in (True, False)


@given(ANY)
def test_everything_equals_itself(value: Any) -> None:
    assert equal(value, value)


@given(ANY, ANY)
def test_order_is_the_same_from_both_sides(left: Any, right: Any) -> None:
    found, back = compare(left, right), compare(right, left)
    assert (found is None) == (back is None)
    assert found is None or back is None or found == -back


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_numbers_compare_exactly(value: Decimal) -> None:
    assert compare(str(value), value) == 0
    assert compare(value, str(value + Decimal("0.01"))) == -1


def test_unary_operators_are_operators() -> None:
    assert set(OPS) > UNARY
