"""Help for the editor of formulas through the API: checks with a value, completion, signature, rights."""

import json
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import fields, graph, node
from tests.rooms.house import Api, House, Place
from tests.rooms.test_records import INSTALL
from tests.rooms.test_runs import entry, write_run
from tests.rooms.test_scenarios import publish

from potok.runs.models import JournalSegment

CHECK = """query($place: FormulaPlaceInput!, $text: String!) { formulaCheck(place: $place, text: $text) {
  type typeTitle value cut noValue source mistakes { code start end message fix severity } } }"""
COMPLETE = """query($place: FormulaPlaceInput!, $text: String!, $offset: Int!) {
  formulaComplete(place: $place, text: $text, offset: $offset) { kind label insert start detail help } }"""
SIGNATURE = """query($text: String!, $offset: Int!) {
  formulaSignature(text: $text, offset: $offset) { name parts active help } }"""
FUNCTIONS = """{ formulaFunctions { name nameEn nameRu area areaTitle signature help
  examples { text result } } }"""
RUSSIAN = {"Accept-Language": "ru"}


def shop(**values: Any) -> dict[str, Any]:
    return graph(
        node("hook", "webhook.received") | {"title": "Заказ"},
        node("note", "data.set_fields", fields=fields(**values)),
        node("end", "data.text", text="x"),
        node("apart", "data.text", text="x") | {"title": "Отдельно"},
        edges=[("hook", "out", "note"), ("note", "out", "end")],
    )


async def check(api: Api, text: str, **place: Any) -> Any:
    given = {"graph": shop(total={"$formula": "2 * 3"}, word="a"), "nodeId": "end"} | place
    return (await api(CHECK, place=given, text=text))["formulaCheck"]


async def complete(api: Api, text: str, **place: Any) -> list[dict[str, Any]]:
    given = {"graph": shop(total=5), "nodeId": "end"} | place
    found = (await api(COMPLETE, place=given, text=text, offset=len(text)))["formulaComplete"]
    assert isinstance(found, list)
    return found


async def test_a_formula_has_a_value_before_any_run_from_samples_and_settings(viewer: Api) -> None:
    found = await check(viewer, "ОКРУГЛ(@note.total * 0,955; 2)")
    assert (found["value"], found["type"], found["source"], found["mistakes"]) == (5.73, "any", "samples", [])


async def test_the_value_comes_from_the_last_event_and_then_from_the_last_run(
    house: House, builder: Api, place: Place, db: AsyncSession
) -> None:
    made = await publish(builder, shop(total={"$ref": ["hook", "body", "сумма"]}))
    asked = "query($id: ID!) { scenario(id: $id) { hooks { url } } }"
    [hook] = (await builder(asked, id=made["id"]))["scenario"]["hooks"]
    async with house.client() as client:
        assert (await client.post(hook["url"], json={"сумма": "100"})).status_code == 202
    text = "ROUND(@note.total * 0.95; 2)"
    found = await check(builder, text, scenarioId=made["id"], graph=None)
    assert (found["value"], found["source"]) == (95, "event")
    run = await write_run(db, made, place)
    done = [entry("hook", "webhook.received", "done", 1), entry("note", "data.set_fields", "done", 2)]
    done[1]["o"] = {"total": "1999.99"}
    db.add(JournalSegment(run_id=run.id, seq=0, entries=done, created_at=run.created_at))
    await db.commit()
    found = await check(builder, text, scenarioId=made["id"], graph=None)
    assert (found["value"], found["source"]) == (1899.99, "run")
    offers = await complete(builder, "ОКРУГЛ(amo", scenarioId=made["id"], graph=None)
    assert ("amount", "@hook.body.amount", 7, "Заказ · body") in [
        (one["label"], one["insert"], one["start"], one["help"]) for one in offers
    ]


async def test_a_mistake_names_its_characters_and_what_to_do(viewer: Api) -> None:
    found = await check(viewer, "ROND(1.5; 0) + 1")
    [mistake] = found["mistakes"]
    assert (mistake["start"], mistake["end"], mistake["severity"]) == (0, 4, "ERROR")
    assert "ROUND" in mistake["fix"]
    assert (found["value"], found["noValue"]) == (None, "")
    answer = await viewer.raw(
        CHECK, RUSSIAN, place={"graph": shop(), "nodeId": "end"}, text="@apart.text & @gone.x"
    )
    mistakes = answer.json()["data"]["formulaCheck"]["mistakes"]
    assert [one["code"] for one in mistakes] == ["unknown_step", "unknown_step"]
    assert "«Отдельно» нет" in mistakes[0]["message"]


async def test_a_formula_without_a_value_says_why(viewer: Api) -> None:
    found = await check(viewer, "1 / (@note.total - 6)")
    assert (found["value"], found["mistakes"]) == (None, [])
    assert "Division by zero" in found["noValue"]


async def test_the_kind_the_setting_needs_is_checked(viewer: Api) -> None:
    place = graph(node("hook", "webhook.received"), node("call", "http.request"), edges=[("hook", "out", "call")])
    found = await check(viewer, "{1; 2}", graph=place, nodeId="call", field="timeout")
    assert [one["code"] for one in found["mistakes"]] == ["wrong_kind"]
    assert (await check(viewer, "20 + 1", graph=place, nodeId="call", field="timeout"))["value"] == 21


async def test_a_start_condition_reads_the_trigger_itself(viewer: Api) -> None:
    assert (await check(viewer, '@hook.method = "POST"', nodeId="hook"))["mistakes"] == []


async def test_functions_steps_and_fields_are_offered_in_the_language_of_the_reader(viewer: Api) -> None:
    variables = {"place": {"graph": shop(total=5), "nodeId": "end"}, "text": "округ", "offset": 5}
    answer = await viewer.raw(COMPLETE, RUSSIAN, **variables)
    first = answer.json()["data"]["formulaComplete"][0]
    assert (first["kind"], first["insert"], first["start"]) == ("function", "ОКРУГЛ(", 0)
    assert (await complete(viewer, "1 + зак"))[0]["insert"] == "@hook"
    assert {one["insert"] for one in await complete(viewer, "@")} == {"@note", "@hook"}
    assert [one["insert"] for one in await complete(viewer, "@note.t")] == ["total"]
    assert (await complete(viewer, "tot"))[0]["insert"] == "@note.total"
    assert await complete(viewer, '"a text') == []


async def test_the_signature_tells_which_part_is_written(viewer: Api) -> None:
    answer = await viewer.raw(SIGNATURE, RUSSIAN, text="1 + ОКРУГЛ(2,5; ", offset=16)
    found = answer.json()["data"]["formulaSignature"]
    assert (found["name"], found["active"], len(found["parts"])) == ("ОКРУГЛ", 1, 2)
    assert (await viewer(SIGNATURE, text="1 + 2", offset=5))["formulaSignature"] is None


async def test_every_function_is_listed_with_help_and_an_example(viewer: Api) -> None:
    found = (await viewer(FUNCTIONS))["formulaFunctions"]
    assert len(found) > 150
    assert all(one["help"] and one["examples"] and one["areaTitle"] for one in found)
    [rounding] = [one for one in found if one["nameEn"] == "ROUND"]
    assert (rounding["nameRu"], rounding["signature"]) == ("ОКРУГЛ", "ROUND(number; [digits])")


async def test_a_type_of_records_lends_its_fields(builder: Api, stranger: Api) -> None:
    await builder(INSTALL)
    place = {"type": "deal", "graph": None, "nodeId": ""}
    assert "@" not in str([one["insert"] for one in await complete(builder, "am", **place)])
    assert "amount" in [one["insert"] for one in await complete(builder, "am", **place)]
    found = await check(builder, "amount * 2", **place)
    assert (found["type"], found["mistakes"], found["source"]) == ("money", [], "none")
    assert found["noValue"] == "Its value is worked out for every record."
    assert [one["code"] for one in (await check(builder, "amoutn * 2", **place))["mistakes"]] == [
        "unknown_name_near"
    ]
    refused = await stranger.refused(CHECK, place={"type": "deal"}, text="1")
    assert refused == "record.type_not_found"


async def test_a_scenario_of_another_workspace_is_not_found(builder: Api, stranger: Api, nobody: Api) -> None:
    made = await publish(builder, shop(total=1))
    place = {"scenarioId": made["id"], "nodeId": "end"}
    assert await stranger.refused(CHECK, place=place, text="@note.total") == "scenario_not_found"
    variables = {"place": place, "text": "@", "offset": 1}
    assert await stranger.refused(COMPLETE, **variables) == "scenario_not_found"
    assert await builder.refused(CHECK, place={"scenarioId": "no id"}, text="1") == "scenario_not_found"
    assert await nobody.refused(CHECK, place={}, text="1") == "unauthenticated"
    assert await nobody.refused(FUNCTIONS) == "unauthenticated"


HOSTILE = (
    "",
    " ",
    "@",
    '"',
    "[",
    "((((",
    "a" * 10_000,
    "(" * 5_000,
    "1+" * 4_000 + "1",
    "\x00\x01",
    "🙂" * 100,
    "{" * 90 + "}" * 90,
    "@hook.__class__.__mro__",
    "SUM(",
    "'; DROP TABLE run; --",
    "<script>alert(1)</script>",
    "9" * 8_000,
)


@pytest.mark.parametrize("text", HOSTILE)
async def test_any_text_is_answered(viewer: Api, text: str) -> None:
    found = await check(viewer, text)
    assert found["mistakes"] or found["value"] is None
    assert all(0 <= one["start"] <= one["end"] <= len(text) for one in found["mistakes"])
    for offset in (-5, 0, len(text) // 2, len(text), 10**6):
        place = {"graph": shop(), "nodeId": "end"}
        await viewer(COMPLETE, place=place, text=text, offset=offset)
        await viewer(SIGNATURE, text=text, offset=offset)


async def test_a_preview_that_costs_too_much_says_so_and_a_long_value_is_cut(viewer: Api) -> None:
    dear = await check(viewer, "SUM(MAP(RANGE(1; 90000); item * 2)) + SUM(MAP(RANGE(1; 90000); item))")
    assert dear["value"] is None
    assert "too long for a preview" in dear["noValue"]
    long = await check(viewer, 'REPT("я"; 5000)')
    assert (long["value"], long["cut"]) == ("я" * 4000, True)


async def test_a_graph_that_is_none_is_refused_with_words(viewer: Api) -> None:
    answer = (await viewer.raw(CHECK, place={"graph": {"nodes": 5}, "nodeId": "x"}, text="1")).json()
    assert answer["errors"]
    assert "internal" not in json.dumps(answer["errors"])
    assert (await check(viewer, "1 + 1", nodeId="nowhere"))["value"] == 2
