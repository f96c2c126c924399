"""What a formula reads, and the order of formulas that read one another."""

from itertools import pairwise

import pytest

from potok.graph.formulas import CycleError, Path, dependencies, order, parse
from potok.graph.formulas.syntax import Expr


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("1 + 2", set()),
        ("deal.sum * deal.rate", {("deal", "sum"), ("deal", "rate")}),
        ("@hook.body.items[1].price", {("@hook", "body", "items", 0, "price")}),
        ('deal["Full name"]', {("deal", "Full name")}),
        ("deal.items[count].price", {("deal", "items"), ("count",)}),
        ("deal.items[-1]", {("deal", "items")}),
        ("MAP(deal.items; item.price * deal.rate)", {("deal", "items"), ("deal", "rate")}),
        ("MAP(deal.items; i => i.price * item)", {("deal", "items"), ("item",)}),
        ("FILTER(a; x => ANY(x.tags; item = x.name & b))", {("a",), ("b",)}),
        ("IF(a; b; @c)", {("a",), ("b",), ("@c",)}),
        ("FIRST(deal.items).price", {("deal", "items")}),
        ("{a; b}[c]", {("a",), ("b",), ("c",)}),
    ],
)
def test_a_formula_names_what_it_reads(text: str, paths: set[tuple[str | int, ...]]) -> None:
    assert dependencies(parse(text)) == paths


def ordered(**formulas: str) -> list[str]:
    found = order({("deal", name): parse(text) for name, text in formulas.items()})
    return [str(path[-1]) for path in found]


def test_formulas_come_after_those_they_read() -> None:
    assert ordered(total="deal.net + deal.vat", vat="deal.net * 20%", net="deal.sum") == ["net", "vat", "total"]
    assert sorted(ordered(a="1", b="2")) == ["a", "b"]


def test_a_part_of_a_value_and_the_record_around_it_count() -> None:
    assert ordered(a="deal.b.x", b="1")[-1] == "a"
    order({("deal", "a"): parse("1"), ("x",): parse("deal")})
    assert order({("x",): parse("deal"), ("deal", "a"): parse("1")}) == [("deal", "a"), ("x",)]


@pytest.mark.parametrize(
    ("formulas", "ring"),
    [
        ({"a": "deal.a + 1"}, {"a"}),
        ({"a": "deal.b", "b": "deal.c", "c": "deal.a", "d": "deal.a"}, {"a", "b", "c"}),
    ],
)
def test_formulas_that_need_one_another_are_refused_with_the_way_round(
    formulas: dict[str, str], ring: set[str]
) -> None:
    with pytest.raises(CycleError) as caught:
        ordered(**formulas)
    path = caught.value.path
    assert path[0] == path[-1]
    assert {str(one[-1]) for one in path} == ring
    for one, after in pairwise(path):
        assert after in dependencies(parse(formulas[str(one[-1])]))


def test_a_chain_of_ten_thousand_formulas_has_an_order() -> None:
    chain: dict[Path, Expr] = {("f", str(i)): parse(f"f.[{i + 1}]") for i in range(10_000)}
    assert order(chain)[0] == ("f", "9999")
