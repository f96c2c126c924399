"""The lists Potok itself offers in settings: which scenario to call, which type of record, field, stage."""

from typing import Any

from tests.rooms.graphs import graph, node
from tests.rooms.house import Api
from tests.rooms.test_control import waiting
from tests.rooms.test_records import INSTALL, PIPELINE
from tests.rooms.test_scenarios import publish

OPTIONS = """query($s: String! = "", $n: Int! = 1, $v: JSON) {
  nodeOptions(type: "flow.call", field: "scenario", search: $s, page: $n, value: $v) {
    options { value title note } hasMore problems { code } } }"""


async def _options(api: Api, **given: Any) -> list[tuple[str, str, str]]:
    found = (await api(OPTIONS, **given))["nodeOptions"]
    assert (found["hasMore"], found["problems"]) == (False, [])
    return [(one["value"], one["title"], one["note"]) for one in found["options"]]


async def test_scenarios_are_offered_by_title_and_say_why_they_cannot_be_called(
    builder: Api, stranger: Api
) -> None:
    by_hand = await publish(builder, waiting() | {"title": "Beta"})
    hook = graph(
        node("in", "webhook.received"), node("text", "data.text", text="x"), edges=[("in", "out", "text")]
    )
    by_hook = await publish(builder, hook | {"title": "alpha"})
    made = 'mutation { createScenario(title: "Gamma") { scenario { id } } }'
    draft = (await builder(made))["createScenario"]["scenario"]
    assert await _options(builder) == [
        (by_hook["id"], "alpha", "has no start by hand"),
        (by_hand["id"], "Beta", ""),
        (draft["id"], "Gamma", "not published yet"),
    ]
    assert [title for _, title, _ in await _options(builder, s="BET")] == ["Beta"]
    assert await _options(stranger) == []


async def test_one_that_is_chosen_is_named_and_one_that_is_gone_is_not(builder: Api, stranger: Api) -> None:
    chosen = await publish(builder, waiting() | {"title": "Beta"})
    assert await _options(builder, v=chosen["id"]) == [(chosen["id"], "Beta", "")]
    assert await _options(stranger, v=chosen["id"]) == []
    assert await _options(builder, v="not an id") == []
    await builder("mutation($id: ID!) { deleteScenario(id: $id) { done } }", id=chosen["id"])
    assert await _options(builder, v=chosen["id"]) == []


async def test_the_setting_is_marked_in_the_catalog(viewer: Api) -> None:
    types = (await viewer("{ catalog { nodeTypes { type inputSchema } } }"))["catalog"]["nodeTypes"]
    [call] = [one["inputSchema"]["properties"] for one in types if one["type"] == "flow.call"]
    assert (call["scenario"]["x-kind"], call["scenario"]["x-options"]) == ("scenario", True)


RECORDS = """query($f: String!, $p: JSON, $s: String! = "", $v: JSON) {
  nodeOptions(type: "record.stage", field: $f, params: $p, search: $s, value: $v) {
    options { value title note } problems { code } } }"""


async def test_types_of_record_and_the_stages_of_the_chosen_one_are_offered_by_name(
    builder: Api, stranger: Api
) -> None:
    await builder(INSTALL)
    wanted = {"names": {"en": "Sales"}, "stages": [{"names": {"en": "New"}}, {"names": {"en": "Won"}}]}
    stages = (await builder(PIPELINE, pipeline=wanted))["savePipeline"]["type"]["pipelines"][0]["stages"]

    async def asked(api: Api, field: str, **given: Any) -> list[tuple[str, str, str]]:
        found = (await api(RECORDS, f=field, **given))["nodeOptions"]
        assert found["problems"] == []
        return [(one["value"], one["title"], one["note"]) for one in found["options"]]

    assert ("line_item", "Line item", "") in await asked(builder, "type")
    assert await asked(builder, "type", v="deal") == [("deal", "Deal", "")]
    assert await asked(stranger, "type") == []
    chosen = {"type": "deal"}
    assert await asked(builder, "stage", p=chosen) == [
        (stages[0]["id"], "New", "Sales"), (stages[1]["id"], "Won", "Sales")
    ]  # fmt: skip
    assert await asked(builder, "stage", p=chosen, v="Won") == [(stages[1]["id"], "Won", "Sales")]
    assert await asked(builder, "stage") == []


async def test_the_fields_of_the_chosen_type_are_offered_with_their_keys(builder: Api) -> None:
    await builder(INSTALL)
    query = RECORDS.replace("record.stage", "record.threshold")
    found = (await builder(query, f="field", p={"type": "deal"}, s="SUM"))["nodeOptions"]["options"]
    assert {"value": "amount", "title": "Sum", "note": "amount"} in found
