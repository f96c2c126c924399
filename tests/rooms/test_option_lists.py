"""The lists Potok itself offers in settings: which scenario to call."""

from typing import Any

from tests.rooms.graphs import graph, node
from tests.rooms.house import Api
from tests.rooms.test_control import waiting
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
