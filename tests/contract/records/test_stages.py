"""Records move through stages by their rules, and a pipeline may work out the sum."""

from typing import Any
from uuid import UUID

import pytest
from tests.contract.records.conftest import Office

from potok.problems import Refused
from potok.records.service import records
from potok.records.service.pipelines import NewPipeline, NewStage, archive_pipeline, pipelines_of, save_pipeline
from potok.records.service.types import get_type

REASONS = [{"id": "price", "names": {"en": "Too expensive", "ru": "Дорого"}}]


def stages(*more: NewStage) -> list[NewStage]:
    return [NewStage({"en": "New", "ru": "Новая"}, probability=10), *more]


WON = NewStage({"en": "Won"}, outcome="won", probability=100, required=("contact",))
LOST = NewStage({"en": "Lost"}, outcome="lost", reasons=REASONS)


async def save(office: Office, *wanted: NewPipeline) -> None:
    async with office.session() as db, db.begin():
        for one in wanted:
            await save_pipeline(db, office.caller, "deal", one)


async def data(office: Office, deal: UUID) -> Any:
    return (await office.get("deal", deal)).data


async def problems(office: Office, **patch: Any) -> list[str]:
    [done] = await office.write("deal", patch)
    return [problem.code for problem in done.problems]


async def test_a_new_record_stands_in_the_first_stage_of_the_first_pipeline(office: Office) -> None:
    await save(office, NewPipeline({"en": "Sales"}, stages(WON, LOST)), NewPipeline({"en": "Service"}, stages()))
    deal = await data(office, await office.put("deal", title="x"))
    assert (deal["outcome"], deal["probability"]) == ("open", 10)
    assert deal["stage_at"].endswith("Z")
    other = await data(office, await office.put("deal", title="y", pipeline="service"))
    assert other["pipeline"] != deal["pipeline"]


async def test_a_stage_lets_in_only_what_is_filled(office: Office) -> None:
    await save(office, NewPipeline({"en": "Sales"}, stages(WON, LOST)))
    deal = await office.put("deal", title="x")
    assert await problems(office, id=deal, stage="Won") == ["record.stage_needs"]
    anna = await office.put("contact", name="Anna")
    await office.put("deal", id=deal, stage="Won", contact=str(anna))
    assert (await data(office, deal))["outcome"] == "won"
    await office.put("deal", id=deal, contact=None)  # the rule is about entering


async def test_a_lost_record_needs_a_reason_and_loses_it_when_it_is_open_again(office: Office) -> None:
    await save(office, NewPipeline({"en": "Sales"}, stages(LOST)))
    deal = await office.put("deal", title="x")
    assert await problems(office, id=deal, stage="lost") == ["record.stage_needs_reason"]
    await office.put("deal", id=deal, stage="lost", close_reason="дорого")
    assert (await data(office, deal))["close_reason"] == "price"
    await office.put("deal", id=deal, stage="Новая")
    assert "close_reason" not in await data(office, deal)


async def test_a_stage_of_the_same_name_is_that_of_the_records_own_pipeline(office: Office) -> None:
    await save(office, NewPipeline({"en": "A"}, stages(WON)), NewPipeline({"en": "B"}, stages(WON)))
    deal = await office.put("deal", title="x", pipeline="B", contact=str(await office.put("contact", name="a")))
    before = await data(office, deal)
    await office.put("deal", id=deal, stage="Won")
    assert (await data(office, deal))["pipeline"] == before["pipeline"]
    await office.put("deal", id=deal, pipeline="A")
    after = await data(office, deal)
    assert after["pipeline"] != before["pipeline"]
    assert after["outcome"] == "open", "another pipeline begins with its first stage"


async def test_nonsense_is_refused(office: Office) -> None:
    await save(office, NewPipeline({"en": "Sales"}, stages()))
    assert await problems(office, title="x", stage="Nowhere") == ["record.value.no_such_stage"]
    assert await problems(office, title="x", pipeline="Nowhere") == ["record.value.no_such_pipeline"]
    assert await problems(office, title="x", outcome="won") == ["record.value.computed"]
    assert await problems(office, title="x", stage_at="2026-01-01") == ["record.value.computed"]


async def test_each_pipeline_has_its_own_way_to_the_sum(office: Office) -> None:
    items = NewPipeline({"en": "Items"}, stages(), sum_mode="items", sum_field="amount")
    letters = "LEN(title) * 100"
    formula = NewPipeline({"en": "Formula"}, stages(), None, "formula", "amount", letters)
    await save(office, NewPipeline({"en": "By hand"}, stages()), items, formula)
    deal = await office.put("deal", title="abc", amount=5)
    await office.put("item", deal=str(deal), price="10.10", quantity=2, vat="v0")
    assert (await data(office, deal))["amount"]["amount"] == "5"
    await office.put("deal", id=deal, pipeline="Items")
    assert (await data(office, deal))["amount"]["amount"] == "20.2"
    await office.put("item", deal=str(deal), price=1, quantity=1, vat="v0")
    assert (await data(office, deal))["amount"]["amount"] == "21.2"
    await office.put("deal", id=deal, pipeline="Formula")
    assert (await data(office, deal))["amount"]["amount"] == "300"
    assert await problems(office, id=deal, amount=7) == ["record.value.computed"]
    await office.put("deal", id=deal, pipeline="By hand", amount=7)
    assert (await data(office, deal))["amount"]["amount"] == "7"


async def test_a_stage_with_records_stays_until_they_have_moved(office: Office) -> None:
    await save(office, NewPipeline({"en": "Sales"}, stages(NewStage({"en": "Talks"}))))
    deal = await office.put("deal", title="x", stage="Talks")
    async with office.session() as db, db.begin():
        owner = await get_type(db, office.caller, "deal")
        [(pipeline, [first, talks])] = (await pipelines_of(db, [owner.id]))[owner.id]
    shorter = NewPipeline({"en": "Sales"}, [NewStage({"en": "Start"}, first.id)], pipeline.id)
    async with office.session() as db:
        with pytest.raises(Refused) as caught:
            await save_pipeline(db, office.caller, "deal", shorter)
        assert caught.value.problems[0].code == "record.stage_in_use"
    async with office.session() as db:
        with pytest.raises(Refused):
            await archive_pipeline(db, office.caller, "deal", pipeline.id)
    await office.put("deal", id=deal, stage=str(first.id))
    await save(office, shorter)
    assert await problems(office, id=deal, stage=str(talks.id)) == ["record.value.no_such_stage"]
    async with office.session() as db:
        _, shape = await records.shape_of(db, office.caller, "deal")
        assert shape.fields["stage"].kind.shown(str(first.id), shape.fields["stage"].settings) == "Start"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (NewPipeline({"en": "x"}, []), "record.stages_count"),
        (NewPipeline({"en": ""}, stages()), "record.name_missing"),
        (NewPipeline({"en": "x"}, stages(NewStage({"en": "y"}, probability=101))), "record.settings_invalid"),
        (NewPipeline({"en": "x"}, stages(NewStage({"en": "y"}, outcome="maybe"))), "record.settings_invalid"),
        (NewPipeline({"en": "x"}, stages(NewStage({"en": "y"}, required=("nothing",)))), "record.no_such_field"),
        (NewPipeline({"en": "x"}, stages(), sum_mode="items", sum_field="title"), "record.sum_field"),
        (
            NewPipeline({"en": "x"}, stages(), sum_mode="formula", sum_field="amount", sum_formula="1 +"),
            "record.formula_wrong",
        ),
        (
            NewPipeline({"en": "x"}, stages(), sum_mode="formula", sum_field="amount", sum_formula="amount + 1"),
            "record.formula_cycle",
        ),
    ],
)
async def test_a_pipeline_that_makes_no_sense_is_refused(office: Office, wanted: NewPipeline, code: str) -> None:
    async with office.session() as db:
        with pytest.raises(Refused) as caught:
            await save_pipeline(db, office.caller, "deal", wanted)
    assert caught.value.problems[0].code == code
