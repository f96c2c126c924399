"""Records are written exactly, once, and whoever reads them with a formula follows."""

import asyncio
from decimal import Decimal
from uuid import UUID

import pytest
from tests.contract.records.conftest import Office, field, open_office
from uuid_utils.compat import uuid7

from potok.problems import Refused
from potok.records.reading import Wish
from potok.records.service import records, types
from potok.records.writing import Change


def rub(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "RUB"}


async def test_a_record_is_kept_as_it_was_typed_and_named_by_its_title(office: Office) -> None:
    deal = await office.put("deal", title="Flat 5", amount="1 999,99", close="24.11.2026", colors=["Blue", "red"])
    found = await office.get("deal", deal)
    assert found.title == "Flat 5"
    assert found.data["amount"] == rub("1999.99")
    assert found.data["close"] == "2026-11-24"
    assert found.data["colors"] == ["red", "blue"]
    assert found.version == 1
    assert found.created_by == {"key": "test"}


async def test_numbers_run_without_holes_also_when_many_are_made_at_once(office: Office) -> None:
    await asyncio.gather(*(office.write("deal", {"title": "a"}, {"title": "b"}) for _ in range(10)))
    found = await office.page("deal", Wish(), 100)
    assert sorted(str(one.data["number"]) for one in found) == [f"D-{n:05}" for n in range(1, 21)]


async def test_the_deal_follows_its_items_and_its_contact(office: Office) -> None:
    anna = await office.put("contact", name="Anna", discount=5)
    deal = await office.put("deal", title="Flat", contact=str(anna))
    first = await office.put("item", name="Paint", deal=str(deal), price="100.10", quantity=3, vat="v20")
    await office.put("item", name="Work", deal=str(deal), price=1000, quantity=1, vat="v0")
    assert (await office.get("deal", deal)).data["total"] == rub("1292.34")  # (360.36 + 1000) * 0.95
    await office.put("contact", id=anna, discount=0)
    assert (await office.get("deal", deal)).data["total"] == rub("1360.36")
    await office.put("item", id=first, quantity=0)
    assert (await office.get("deal", deal)).data["total"] == rub("1000")


async def test_an_item_that_moves_to_another_deal_changes_both(office: Office) -> None:
    one, two = await office.put("deal", title="one"), await office.put("deal", title="two")
    item = await office.put("item", deal=str(one), price=10, quantity=1, vat="v0")
    await office.put("item", id=item, deal=str(two))
    assert (await office.get("deal", one)).data["total"] == rub("0")
    assert (await office.get("deal", two)).data["total"] == rub("10")


async def test_a_deleted_item_no_longer_counts_and_counts_again_when_it_is_back(office: Office) -> None:
    deal = await office.put("deal", title="one")
    item = await office.put("item", deal=str(deal), price=10, quantity=1, vat="v0")
    async with office.session() as db, db.begin():
        await records.write_one(db, office.caller, "item", {}, record_id=item, delete=True)
    assert (await office.get("deal", deal)).data["total"] == rub("0")
    async with office.session() as db, db.begin():
        await records.write_one(db, office.caller, "item", {}, record_id=item, delete=False)
    assert (await office.get("deal", deal)).data["total"] == rub("10")


async def test_items_added_at_the_same_time_are_all_in_the_sum(office: Office) -> None:
    deal = await office.put("deal", title="busy")
    await asyncio.gather(*(office.put("item", deal=str(deal), price=1, quantity=1, vat="v0") for _ in range(25)))
    assert (await office.get("deal", deal)).data["total"] == rub("25")


async def test_a_formula_of_two_steps_is_followed_too(office: Office) -> None:
    async with office.session() as db, db.begin():
        await types.add_field(
            db, office.caller, "item", field("who", "formula", formula="deal.contact.name", result="text")
        )
    anna = await office.put("contact", name="Anna")
    deal = await office.put("deal", title="x", contact=str(anna))
    item = await office.put("item", deal=str(deal), price=1, quantity=1, vat="v0")
    assert (await office.get("item", item)).data["who"] == "Anna"
    await office.put("contact", id=anna, name="Boris")
    assert (await office.get("item", item)).data["who"] == "Boris"
    clara = await office.put("contact", name="Clara")
    await office.put("deal", id=deal, contact=str(clara))
    assert (await office.get("item", item)).data["who"] == "Clara"


async def test_a_phone_that_is_taken_is_refused_and_names_who_has_it(office: Office) -> None:
    anna = await office.put("contact", name="Anna", phone="8 916 123-45-67")
    [refused] = await office.write("contact", {"name": "Boris", "phone": "+7 (916) 123 45 67"})
    assert [problem.code for problem in refused.problems] == ["record.value.taken"]
    assert refused.problems[0].params["record"] == str(anna)
    await office.put("contact", id=anna, phone="+79160000000")
    await office.put("contact", name="Boris", phone="+79161234567")


async def test_of_twenty_who_want_one_phone_at_once_exactly_one_gets_it(office: Office) -> None:
    answers = await asyncio.gather(
        *(office.write("contact", {"name": f"n{n}", "phone": "+79031112233"}) for n in range(20))
    )
    assert sum(not done.problems for [done] in answers) == 1


async def test_two_in_one_call_cannot_have_the_same_unique_value(office: Office) -> None:
    done = await office.write(
        "contact", {"name": "a", "phone": "+79035550001"}, {"name": "b", "phone": "+79035550001"}
    )
    assert sorted(len(one.problems) for one in done) == [0, 1]


async def test_a_change_on_top_of_a_stale_version_is_refused(office: Office) -> None:
    deal = await office.put("deal", title="one")
    await office.put("deal", id=deal, title="two")
    async with office.session() as db:
        with pytest.raises(Refused) as caught:
            await records.write_one(db, office.caller, "deal", {"title": "three"}, record_id=deal, version=1)
    assert caught.value.problems[0].code == "record.changed_meanwhile"


async def test_what_is_refused_leaves_no_trace(office: Office) -> None:
    done = await office.write("deal", {"title": "fine"}, {"title": "bad", "close": "soon"})
    assert [len(one.problems) for one in done] == [0, 1]
    rows = await office.fetch("SELECT title FROM record WHERE workspace_id = $1", office.caller.workspace_id)
    assert [row["title"] for row in rows] == ["fine"]
    [again] = await office.write("deal", {"title": "next"})
    assert again.data["number"] == "D-00002", "a refused record takes no number"


async def test_a_change_that_changes_nothing_leaves_no_line_in_the_timeline(office: Office) -> None:
    deal = await office.put("deal", title="one", amount="10")
    await office.put("deal", id=deal, title=" one ", amount="10.00")
    rows = await office.fetch(
        "SELECT what, changes::text AS changes FROM record_change WHERE record_id = $1", deal
    )
    assert [row["what"] for row in rows] == ["created"]
    assert (await office.get("deal", deal)).version == 1


async def test_relations_must_lead_somewhere(office: Office) -> None:
    item = await office.put("item", name="x")
    for wrong in (str(uuid7()), str(item)):
        [done] = await office.write("deal", {"title": "x", "contact": wrong})
        assert [problem.code for problem in done.problems] == ["record.value.no_such_record"]


async def test_another_workspace_cannot_read_link_or_change(office: Office, database_url: str) -> None:
    stranger = await open_office(database_url)
    await stranger.add_type("contact", field("name", "text"))
    await stranger.add_type("deal", field("contact", "relation", target="contact"))
    anna = await office.put("contact", name="Anna")
    [done] = await stranger.write("deal", {"contact": str(anna)})
    assert [problem.code for problem in done.problems] == ["record.value.no_such_record"]
    [done] = await stranger.write("contact", {"id": anna, "name": "Mine"})
    assert [problem.code for problem in done.problems] == ["record.not_found"]
    async with stranger.session() as db:
        with pytest.raises(Refused):
            await records.get_record(db, stranger.caller, "contact", anna)
    await stranger.engine.dispose()


async def test_digits_beyond_a_float_survive(office: Office) -> None:
    exact = "123456789012345678.123456789"
    item = await office.put("item", quantity=exact)
    assert (await office.get("item", item)).data["quantity"] == Decimal(exact)


async def test_a_field_that_a_formula_reads_cannot_be_put_away(office: Office) -> None:
    async with office.session() as db:
        with pytest.raises(Refused) as caught:
            await types.archive_field(db, office.caller, "contact", "discount")
    assert caught.value.problems[0].code == "record.formula_wrong"
    assert caught.value.problems[0].path == ("deal.total",)


async def test_the_other_side_of_a_relation_needs_a_name_of_its_own(office: Office) -> None:
    for back in ("items", "title"):
        relation = field("deal2", "relation", target="deal", back=back)
        async with office.session() as db:
            with pytest.raises(Refused) as caught:
                await types.add_field(db, office.caller, "item", relation)
        assert caught.value.problems[0].code == "record.field_key_taken"


async def test_a_thousand_records_in_one_call(office: Office) -> None:
    anna = await office.put("contact", name="Anna", discount=10)
    async with office.session() as db, db.begin():
        web, shape = await records.shape_of(db, office.caller, "deal")
        done = await records.write_many(
            db, office.caller, web, [Change(shape, {"title": f"t{n}", "contact": str(anna)}) for n in range(1000)]
        )
    assert not any(one.problems for one in done)
    assert len({one.data["number"] for one in done}) == 1000
    await office.put("contact", id=anna, discount=20)  # a thousand deals follow
    assert isinstance(done[0].record_id, UUID)
