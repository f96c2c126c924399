"""Lists of records: every filter, sorts that page without gaps, exact sums, groups, and the search."""

from decimal import Decimal
from typing import Any

import pytest
from tests.contract.records.conftest import Office

from potok.problems import Refused
from potok.records import reading
from potok.records.query import Sort
from potok.records.reading import Wish
from potok.records.service import records

DEALS: list[dict[str, Any]] = [
    {"title": "Alpha house", "amount": "100.10", "close": "2026-01-10", "vip": True, "colors": ["red"]},
    {"title": "Beta flat", "amount": "200.20", "close": "2026-02-10", "colors": ["blue", "red"]},
    {"title": "Гамма ремонт квартиры", "amount": "300.30", "close": "2026-03-10", "vip": False},
    {"title": "100% _special_", "close": "2026-04-10"},
    {"title": "Delta", "amount": "-5"},
]


def rule(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"rules": [{"field": field, "op": op, "value": value}]}


async def titles(office: Office, wish: Wish) -> list[str]:
    return sorted(one.title for one in await office.page("deal", wish))


FILTERS: list[tuple[dict[str, Any], set[int]]] = [
    (rule("amount", "gt", "100,10"), {1, 2}),
    (rule("amount", "gte", {"amount": "100.10", "currency": "RUB"}), {0, 1, 2}),
    (rule("amount", "lt", 0), {4}),
    (rule("amount", "eq", "200.2"), {1}),
    (rule("amount", "is_empty"), {3}),
    (rule("amount", "is_not_empty"), {0, 1, 2, 4}),
    (rule("amount", "ne", "100.10"), {1, 2, 3, 4}),
    (rule("close", "gte", "10.02.2026"), {1, 2, 3}),
    (rule("close", "is_empty"), {4}),
    (rule("vip", "is_true"), {0}),
    (rule("vip", "is_false"), {1, 2, 3, 4}),
    (rule("colors", "contains", "Red"), {0, 1}),
    (rule("colors", "not_contains", "blue"), {0, 2, 3, 4}),
    (rule("title", "eq", "BETA FLAT"), {1}),
    (rule("title", "contains", "РЕМОНТ"), {2}),
    (rule("title", "contains", "0%"), {3}),
    (rule("title", "contains", "_s"), {3}),
    (rule("title", "starts_with", "alpha"), {0}),
    (rule("title", "ends_with", "a"), {4}),
    (rule("title", "in", ["delta", "Beta Flat"]), {1, 4}),
    (rule("total", "gte", 0), {0, 1, 2, 3, 4}),
    ({"match": "any", "rules": [*rule("amount", "lt", 0)["rules"], *rule("vip", "is_true")["rules"]]}, {0, 4}),
    (
        {"match": "all", "rules": [rule("close", "lt", "2026-03-01"), {"match": "any", "rules": []}]},
        {0, 1},
    ),
    ({}, {0, 1, 2, 3, 4}),
]


async def test_every_filter_finds_what_it_says(office: Office) -> None:
    await office.write("deal", *DEALS)
    for wish, wanted in FILTERS:
        found = await titles(office, Wish(filter=wish))
        assert found == sorted(str(DEALS[n]["title"]) for n in wanted), wish


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (rule("amount", "contains", "1"), "record.filter_operator"),
        (rule("nothing", "eq", "1"), "record.no_such_field"),
        (rule("data'; DROP TABLE record; --", "eq", "1"), "record.no_such_field"),
        (rule("amount", "gt", "much"), "record.value.not_number"),
        (rule("amount", "gt"), "record.filter_value"),
        ({"match": "none", "rules": []}, "record.filter_invalid"),
        ({"rules": "x"}, "record.filter_invalid"),
        ({"rules": [{"rules": [{"rules": [{"rules": [{"rules": [{"rules": []}]}]}]}]}]}, "record.filter_invalid"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(office: Office, wish: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        await office.page("deal", Wish(filter=wish))
    assert caught.value.problems[0].code == code


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", ["amount", "close", "title", "created_at"])
async def test_pages_of_a_sorted_list_have_no_gaps_and_no_doubles(
    office: Office, field: str, descending: bool
) -> None:
    await office.write("deal", *DEALS, *DEALS)
    wish = Wish(sorts=[Sort(field, descending)])
    whole = [one.id for one in await office.page("deal", wish, 100)]
    paged: list[Any] = []
    place = None
    while found := await office.page("deal", wish, 3, place):
        paged += [one.id for one in found]
        place = (found[-1].place, str(found[-1].id))
    assert paged == whole
    assert len(set(paged)) == 10


async def test_empty_values_come_last_either_way(office: Office) -> None:
    await office.write("deal", *DEALS)
    for descending in (False, True):
        found = await office.page("deal", Wish(sorts=[Sort("amount", descending)]))
        assert found[-1].title == "100% _special_"


async def test_sums_are_exact_and_follow_the_filter(office: Office) -> None:
    await office.write("deal", *DEALS)
    async with office.session() as db:
        _, shape = await records.shape_of(db, office.caller, "deal")
        connection = await records.raw(db)
        assert await reading.sums(connection, shape, Wish(), ["amount"]) == (5, {"amount": Decimal("595.60")})
        found = await reading.sums(connection, shape, Wish(filter=rule("vip", "is_true")), ["amount"])
        assert found == (1, {"amount": Decimal("100.10")})
        groups = await reading.grouped(connection, shape, Wish(), "vip", ["amount"])
    assert {(one.value, one.count, one.sums["amount"]) for one in groups} == {
        ("true", 1, Decimal("100.10")),
        ("false", 1, Decimal("300.30")),
        (None, 3, Decimal("195.20")),
    }


async def test_the_search_knows_word_forms_of_both_languages(office: Office) -> None:
    await office.write("deal", *DEALS)
    for words, wanted in (
        ("квартира", ["Гамма ремонт квартиры"]),
        ("ремонты", ["Гамма ремонт квартиры"]),
        ("houses", ["Alpha house"]),
        ("elt", ["Delta"]),
        ("0% _", ["100% _special_"]),
        ("nothing like it", []),
        ("'; DROP TABLE record; --", []),
    ):
        assert await titles(office, Wish(search=words)) == wanted, words


async def test_the_trash_is_a_list_of_its_own(office: Office) -> None:
    deal = await office.put("deal", title="gone")
    async with office.session() as db, db.begin():
        await records.write_one(db, office.caller, "deal", {}, record_id=deal, delete=True)
    assert await titles(office, Wish()) == []
    assert await titles(office, Wish(trash=True)) == ["gone"]
