"""Scenarios: drafts that lose nothing, publishing that freezes, switches, text, addresses, starting by hand."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from tests.rooms.graphs import Json, by_hand, graph, hooked, node, scheduled
from tests.rooms.house import PASSWORD, Api, House, Place

from potok.adapters.store_postgres.timers import schedule_id as engine_schedule_id
from potok.graph.text import dumps
from potok.people.models import Role
from potok.runs.models import Event, Run, RunStatus, RunWork, Timer
from potok.runs.service.timers import schedule_id
from potok.scenarios.documents import load_graph
from potok.scenarios.events import CHANNEL

SHOWN = """scenario { id title enabled draft draftRevision draftChanged draftEditedBy { name }
  problems { code nodeId severity } published { number current graph publishedBy { name } }
  versions { number current note } hooks { nodeId url } } problems { code message path nodeId } conflict"""


def _changing(call: str, **variables: str) -> str:
    """A mutation that answers a scenario."""
    declared = ", ".join(f"${name}: {kind}" for name, kind in variables.items())
    return f"mutation({declared}) {{ {call} {{ {SHOWN} }} }}"


CREATE = _changing("createScenario(graph: $g, title: $t)", g="JSON", t='String! = ""')
SAVE = _changing("saveDraft(id: $id, baseRevision: $r, graph: $g)", id="ID!", r="Int!", g="JSON!")
PUBLISH = _changing('publishScenario(id: $id, revision: $r, note: "n")', id="ID!", r="Int!")
RESTORE = _changing("restoreVersion(id: $id, number: $n, baseRevision: $r)", id="ID!", n="Int!", r="Int!")
ENABLE = _changing("setScenarioEnabled(id: $id, enabled: $on)", id="ID!", on="Boolean!")
IMPORT = _changing("importScenario(text: $t)", t="String!")
DELETE = "mutation($id: ID!) { deleteScenario(id: $id) { done problems { code } } }"
RUN = "mutation($id: ID!, $i: JSON) { runNow(id: $id, input: $i) { runId problems { code message path } } }"
ONE = "query($id: ID!) { scenario(id: $id) { id title draft } scenarioText(id: $id) }"


async def make(api: Api, document: Json | None = None) -> Json:
    """A new scenario."""
    made = (await api(CREATE, g=document))["createScenario"]
    assert made["problems"] == []
    found: Json = made["scenario"]
    return found


async def publish(api: Api, document: Json) -> Json:
    """A new published scenario."""
    made = await make(api, document)
    done = (await api(PUBLISH, id=made["id"], r=made["draftRevision"]))["publishScenario"]
    assert done["problems"] == []
    found: Json = done["scenario"]
    return found


def codes(payload: Json) -> list[str]:
    """Codes of a payload's problems."""
    return [one["code"] for one in payload["problems"]]


async def test_an_empty_scenario_can_be_made_but_not_published(builder: Api) -> None:
    made = (await builder(CREATE, t="Empty"))["createScenario"]["scenario"]
    assert (made["title"], made["draftRevision"], made["enabled"], made["published"]) == ("Empty", 1, True, None)
    refused = (await builder(PUBLISH, id=made["id"], r=1))["publishScenario"]
    assert codes(refused) == ["empty"]


async def test_a_draft_with_problems_is_saved_and_cannot_be_published(builder: Api) -> None:
    wrong = graph(node("hook", "webhook.received"), node("what", "nobody.knows"), edges=[("hook", "out", "what")])
    made = await make(builder, wrong)
    assert [(one["code"], one["nodeId"]) for one in made["problems"]] == [("unknown_type", "what")]
    refused = (await builder(PUBLISH, id=made["id"], r=1))["publishScenario"]
    assert codes(refused) == ["unknown_type"]
    assert refused["problems"][0]["message"]
    assert refused["scenario"] is None


async def test_what_is_no_document_is_refused_with_its_places(builder: Api) -> None:
    wrong: list[Any] = [[], "text", {"format": "potok/99"}, {"format": "potok/1", "nodes": [{"id": "1!"}]}]
    for malformed in wrong:
        refused = (await builder(CREATE, g=malformed))["createScenario"]
        assert refused["scenario"] is None
        assert refused["problems"], malformed


async def test_saving_on_an_old_revision_answers_the_newest_and_loses_nothing(builder: Api) -> None:
    made = await make(builder, hooked())
    saved = (await builder(SAVE, id=made["id"], r=1, g=hooked(size="huge")))["saveDraft"]
    assert saved["scenario"]["draftRevision"] == 2
    late = (await builder(SAVE, id=made["id"], r=1, g=hooked(size="tiny")))["saveDraft"]
    assert late["conflict"]
    assert codes(late) == ["draft_conflict"]
    assert late["scenario"]["draft"] == saved["scenario"]["draft"]
    assert late["scenario"]["draftRevision"] == 2


async def test_saving_the_same_again_is_no_conflict(builder: Api) -> None:
    made = await make(builder, hooked())
    for _ in range(2):
        saved = (await builder(SAVE, id=made["id"], r=1, g=hooked(size="huge")))["saveDraft"]
        assert not saved["conflict"]
        assert saved["scenario"]["draftRevision"] == 2


async def test_of_saves_at_once_one_wins(builder: Api) -> None:
    made = await make(builder, hooked())
    answers = await asyncio.gather(
        *(builder(SAVE, id=made["id"], r=1, g=hooked(size=f"size {number}")) for number in range(6))
    )
    assert sorted(one["saveDraft"]["conflict"] for one in answers) == [False] + [True] * 5


async def test_publishing_freezes_and_the_draft_goes_on(builder: Api, place: Place) -> None:
    shown = await publish(builder, hooked())
    assert shown["published"]["number"] == 1
    assert not shown["draftChanged"]
    edited = (await builder(SAVE, id=shown["id"], r=1, g=hooked(size="small")))["saveDraft"]["scenario"]
    assert edited["draftChanged"]
    assert edited["published"]["graph"] == shown["published"]["graph"]
    second = (await builder(PUBLISH, id=shown["id"], r=2))["publishScenario"]["scenario"]
    assert [(one["number"], one["current"]) for one in second["versions"]] == [(2, True), (1, False)]
    again = (await builder(PUBLISH, id=shown["id"], r=2))["publishScenario"]["scenario"]
    assert len(again["versions"]) == 2


async def test_one_version_is_found_by_its_number_and_by_nobody_elsewhere(builder: Api, stranger: Api) -> None:
    query = "query($id: ID!, $n: Int!) { scenarioVersion(id: $id, number: $n) { number graph } }"
    shown = await publish(builder, hooked())
    found = (await builder(query, id=shown["id"], n=1))["scenarioVersion"]
    assert found == {"number": 1, "graph": shown["published"]["graph"]}
    for number in (0, 2, 2**31 - 1):
        assert (await builder(query, id=shown["id"], n=number))["scenarioVersion"] is None
    assert (await builder(query, id="nonsense", n=1))["scenarioVersion"] is None
    assert (await stranger(query, id=shown["id"], n=1))["scenarioVersion"] is None


async def test_publishing_an_old_revision_is_a_conflict(builder: Api) -> None:
    made = await make(builder, hooked())
    await builder(SAVE, id=made["id"], r=1, g=hooked(size="huge"))
    late = (await builder(PUBLISH, id=made["id"], r=1))["publishScenario"]
    assert late["conflict"]
    assert late["scenario"]["published"] is None


async def test_an_earlier_version_becomes_the_draft_again(builder: Api) -> None:
    shown = await publish(builder, hooked(size="first"))
    await builder(SAVE, id=shown["id"], r=1, g=hooked(size="second"))
    await builder(PUBLISH, id=shown["id"], r=2)
    back = (await builder(RESTORE, id=shown["id"], n=1, r=2))["restoreVersion"]["scenario"]
    assert back["draft"] == shown["published"]["graph"]
    assert back["draftRevision"] == 3
    assert back["published"]["number"] == 2
    assert codes((await builder(RESTORE, id=shown["id"], n=9, r=3))["restoreVersion"]) == ["version_not_found"]


async def test_a_webhook_has_its_address_from_the_first_save_and_keeps_it(builder: Api, viewer: Api) -> None:
    made = await make(builder, hooked())
    [hook] = made["hooks"]
    assert hook["nodeId"] == "hook"
    assert len(hook["url"].rpartition("/h/")[2]) >= 24
    moved = hooked()
    moved["nodes"][0]["position"] = {"x": 500, "y": 20}
    saved = (await builder(SAVE, id=made["id"], r=1, g=moved))["saveDraft"]["scenario"]
    published = (await builder(PUBLISH, id=made["id"], r=2))["publishScenario"]["scenario"]
    assert saved["hooks"] == published["hooks"] == made["hooks"]
    gone = (await builder(SAVE, id=made["id"], r=2, g=by_hand()))["saveDraft"]["scenario"]
    assert gone["hooks"] == made["hooks"], "the published version still listens there"
    seen = await viewer("query($id: ID!) { scenario(id: $id) { hooks { url } } }", id=made["id"])
    assert seen["scenario"]["hooks"] == [], "who knows the address can start runs"


async def test_a_published_hook_accepts_and_a_switched_off_one_refuses(house: House, builder: Api) -> None:
    made = await make(builder, hooked())
    path = "/h/" + made["hooks"][0]["url"].rpartition("/h/")[2]
    async with house.client() as outside:
        assert (await outside.post(path, json={"amount": 5})).status_code == 409
        await builder(PUBLISH, id=made["id"], r=1)
        accepted = await outside.post(path, json={"amount": 5})
        assert accepted.status_code == 202
        await builder(ENABLE, id=made["id"], on=False)
        assert (await outside.post(path, json={"amount": 5})).json()["error"]["code"] == "scenario_disabled"
        await builder(ENABLE, id=made["id"], on=True)
        assert (await outside.post(path, json={"amount": 5})).status_code == 202
        await builder(DELETE, id=made["id"])
        assert (await outside.post(path, json={"amount": 5})).status_code == 404


async def _timers(db: AsyncSession, scenario_id: str) -> list[Timer]:
    db.expire_all()
    query = select(Timer).where(col(Timer.scenario_id) == UUID(scenario_id)).order_by(col(Timer.fire_at))
    return list((await db.execute(query)).scalars())


async def test_schedules_are_planned_replaced_paused_and_taken_back(builder: Api, db: AsyncSession) -> None:
    shown = await publish(builder, scheduled())
    [timer] = await _timers(db, shown["id"])
    assert (timer.kind, timer.state, timer.node_id) == ("schedule", "planned", "clock")
    assert timer.fire_at > datetime.now(UTC)
    changed = scheduled()
    changed["nodes"][0]["params"]["schedule"]["at"] = "00:30"
    await builder(SAVE, id=shown["id"], r=1, g=changed)
    await builder(PUBLISH, id=shown["id"], r=2)
    states = sorted((one.state, one.reason) for one in await _timers(db, shown["id"]))
    assert states == [("cancelled", "replaced"), ("planned", "")]
    await builder(ENABLE, id=shown["id"], on=False)
    assert {one.state for one in await _timers(db, shown["id"])} == {"cancelled"}
    await builder(ENABLE, id=shown["id"], on=True)
    assert sorted(one.state for one in await _timers(db, shown["id"])) == ["cancelled", "planned"]
    await builder(DELETE, id=shown["id"])
    assert {one.state for one in await _timers(db, shown["id"])} == {"cancelled"}


async def test_a_disabled_scenario_is_published_without_timers(builder: Api, db: AsyncSession) -> None:
    made = await make(builder, scheduled())
    await builder(ENABLE, id=made["id"], on=False)
    await builder(PUBLISH, id=made["id"], r=1)
    assert await _timers(db, made["id"]) == []


def test_publishing_and_firing_plan_one_and_the_same_timer() -> None:
    scenario, moment = UUID(int=7), datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert schedule_id(scenario, "clock", moment) == engine_schedule_id(scenario, "clock", moment)


async def test_other_processes_hear_of_a_change_after_the_commit(builder: Api, redis_url: str) -> None:
    made = await make(builder, hooked())
    async with Redis.from_url(redis_url) as redis, redis.pubsub(ignore_subscribe_messages=True) as channel:
        await channel.subscribe(CHANNEL)
        await channel.get_message(timeout=5)
        await builder(PUBLISH, id=made["id"], r=1)
        heard: Any = None
        while heard is None:
            heard = await channel.get_message(timeout=5)
        assert heard["data"].decode() == made["id"]


async def test_text_goes_out_and_in_byte_for_byte(builder: Api) -> None:
    document = hooked(title="Заказы: “крупные” & co")
    text = dumps(load_graph(document))
    made = (await builder(IMPORT, t=text))["importScenario"]["scenario"]
    assert (await builder(ONE, id=made["id"]))["scenarioText"] == text
    assert made["hooks"]
    refused = (await builder(IMPORT, t="format: potok/1\nnodes: ["))["importScenario"]
    assert refused["scenario"] is None
    assert "1" in refused["problems"][0]["message"] or "2" in refused["problems"][0]["message"]
    misshapen = "format: potok/1\nnodes:\n  - {id: '!', type: x}\nedges: []\n"
    assert "text_shape" in codes((await builder(IMPORT, t=misshapen))["importScenario"])


async def test_the_list_is_paged_searched_and_ordered_by_change(builder: Api) -> None:
    for title in ("Alpha", "Beta 100%", "Gamma"):
        await make(builder, hooked(title=title))
    query = """query($a: String, $s: String! = "") { scenarios(first: 2, after: $a, search: $s) {
      nodes { title runCounts { succeeded failed open } lastRun { id } } pageInfo { endCursor hasNextPage } } }"""
    page = (await builder(query))["scenarios"]
    assert [one["title"] for one in page["nodes"]] == ["Gamma", "Beta 100%"]
    rest = (await builder(query, a=page["pageInfo"]["endCursor"]))["scenarios"]
    assert [one["title"] for one in rest["nodes"]] == ["Alpha"]
    assert not rest["pageInfo"]["hasNextPage"]
    assert [one["title"] for one in (await builder(query, s="0%"))["scenarios"]["nodes"]] == ["Beta 100%"]
    assert await builder.refused(query, a="bm9uc2Vuc2U") == "cursor_invalid"


async def test_another_workspace_sees_and_changes_nothing(builder: Api, stranger: Api) -> None:
    shown = await publish(builder, by_hand())
    scenario_id = shown["id"]
    assert await stranger(ONE, id=scenario_id) == {"scenario": None, "scenarioText": None}
    assert (await stranger("{ scenarios { nodes { id } } }"))["scenarios"]["nodes"] == []
    attempts = [
        await stranger(SAVE, id=scenario_id, r=1, g=hooked()),
        await stranger(PUBLISH, id=scenario_id, r=1),
        await stranger(RESTORE, id=scenario_id, n=1, r=1),
        await stranger(ENABLE, id=scenario_id, on=False),
        await stranger(DELETE, id=scenario_id),
        await stranger(RUN, id=scenario_id),
    ]
    for answer in attempts:
        [payload] = answer.values()
        assert codes(payload) == ["scenario_not_found"]
    assert (await builder(ONE, id=scenario_id))["scenario"]["draft"] == shown["draft"]


async def test_starting_by_hand_writes_event_and_run(builder: Api, db: AsyncSession, place: Place) -> None:
    shown = await publish(builder, by_hand(name="who", title="Who?", required=True))
    missing = (await builder(RUN, id=shown["id"], i={}))["runNow"]
    assert (codes(missing), missing["problems"][0]["path"]) == (["answer_missing"], ["input", "who"])
    assert codes((await builder(RUN, id=shown["id"], i=[1]))["runNow"]) == ["input_not_object"]
    started = (await builder(RUN, id=shown["id"], i={"who": "Ann"}))["runNow"]
    run = await db.get_one(Run, UUID(started["runId"]))
    event = await db.get_one(Event, run.event_id)
    assert (run.entry_node, run.workspace_id, event.kind, event.payload) == (
        "start",
        place.id,
        "manual",
        {"who": "Ann"},
    )
    assert event.considered == [{"scenario_id": shown["id"], "node_id": "start", "run_id": str(run.id)}]


@pytest.mark.parametrize("state", ["draft", "off", "hook"])
async def test_starting_by_hand_says_why_it_cannot(builder: Api, state: str) -> None:
    made = await make(builder, hooked() if state == "hook" else by_hand())
    if state != "draft":
        await builder(PUBLISH, id=made["id"], r=1)
    if state == "off":
        await builder(ENABLE, id=made["id"], on=False)
    expected = {"draft": "not_published", "off": "switched_off", "hook": "no_manual_start"}
    assert codes((await builder(RUN, id=made["id"]))["runNow"]) == [expected[state]]


async def test_deleting_ends_open_runs_and_keeps_their_history(builder: Api, db: AsyncSession) -> None:
    shown = await publish(builder, by_hand())
    run_id = (await builder(RUN, id=shown["id"]))["runNow"]["runId"]
    assert (await builder(DELETE, id=shown["id"]))["deleteScenario"]["done"]
    assert await db.get(RunWork, UUID(run_id)) is None
    assert (await db.get_one(Run, UUID(run_id))).status == RunStatus.CANCELLED
    assert (await builder(ONE, id=shown["id"]))["scenario"] is None
    kept = (await builder("{ runs { nodes { id status scenarioTitle version { number } } } }"))["runs"]["nodes"]
    assert kept == [{"id": run_id, "status": "CANCELLED", "scenarioTitle": "Orders", "version": {"number": 1}}]
    assert codes((await builder(DELETE, id=shown["id"]))["deleteScenario"]) == ["scenario_not_found"]


async def test_people_are_named_where_they_worked(house: House, place: Place) -> None:
    async with house.api() as browser:
        await browser(
            "mutation($e: String!, $p: String!) { signIn(email: $e, password: $p) { problems { code } } }",
            e=place.emails[Role.BUILDER],
            p=PASSWORD,
        )
        shown = await publish(browser, hooked())
    assert shown["draftEditedBy"] == {"name": "The builder"}
    assert shown["published"]["publishedBy"] == {"name": "The builder"}
