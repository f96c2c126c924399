"""What happened and why it did not run: every reason is kept, found and said, and nobody else sees it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from tests.rooms.graphs import by_hand, hooked, node, scheduled
from tests.rooms.house import Api, House, Place
from tests.rooms.test_scenarios import publish
from uuid_utils.compat import uuid7

from potok.engine.ports import DueTimer, NewEvent
from potok.registry import load
from potok.scenarios.dispatch import Dispatcher
from potok.server.misfire import judge
from potok.server.refusals import Refusals
from potok.server.timers import event_of

EVENTS = """query($f: EventFilter, $n: Int! = 50, $a: String) { events(filter: $f, first: $n, after: $a) {
  nodes { id kind source by createdAt outcome repeats repeatedAt payload
    runs { id status event { id } }
    considered { scenarioId scenarioTitle nodeId stepTitle code reason fix times run { id }
      rules { label operator found wanted holds words } } }
  pageInfo { endCursor hasNextPage } } }"""
TYPES = load(Path(__file__).parents[2] / "plugins").catalog
AMOUNT = {"$ref": ["hook", "body", "amount"]}
BIG = {"match": "all", "rules": [{"left": AMOUNT, "op": "gt", "right": 1000}]}


@pytest_asyncio.fixture(loop_scope="session")
async def sender(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever calls webhooks."""
    async with house.client() as client:
        yield client


def conditional(document: dict[str, Any], condition: dict[str, Any] = BIG, **params: Any) -> dict[str, Any]:
    """The document with a start condition at its trigger."""
    first = document["nodes"][0] | {"settings": {"start_if": condition}}
    first["params"] = first["params"] | params
    return document | {"nodes": [first, *document["nodes"][1:]]}


async def address(api: Api, shown: dict[str, Any]) -> str:
    """The path of the scenario's only hook."""
    found = await api("query($id: ID!) { scenario(id: $id) { hooks { url } } }", id=shown["id"])
    token: str = found["scenario"]["hooks"][0]["url"].rpartition("/")[2]
    return f"/h/{token}"


async def events(api: Api, **wanted: Any) -> list[dict[str, Any]]:
    """The events that meet the filter."""
    found: list[dict[str, Any]] = (await api(EVENTS, f=wanted))["events"]["nodes"]
    return found


async def switch(api: Api, shown: dict[str, Any], on: bool) -> None:
    """On or off."""
    change = "mutation($id: ID!, $on: Boolean!) { setScenarioEnabled(id: $id, enabled: $on) { conflict } }"
    await api(change, id=shown["id"], on=on)


async def test_a_condition_that_does_not_hold_starts_nothing_and_is_named(
    builder: Api, viewer: Api, sender: httpx.AsyncClient
) -> None:
    shown = await publish(builder, conditional(hooked()))
    path = await address(builder, shown)
    answer = await sender.post(path, json={"amount": 900}, headers={"accept-language": "ru"})
    said = answer.json()
    assert (answer.status_code, said["run_ids"], said["started"]) == (202, [], False)
    assert said["reason"].startswith("Запрос сохранён. Ничего не запущено")
    assert "1000" not in answer.text
    started = await sender.post(path, json={"amount": 1500})
    assert len(started.json()["run_ids"]) == 1

    [event] = await events(viewer, scenarioId=shown["id"], outcome="STOPPED")
    assert (event["id"], event["kind"], event["outcome"], event["runs"]) == (
        said["event_id"],
        "webhook",
        "STOPPED",
        [],
    )
    assert event["payload"]["body"] == {"amount": 900}
    [considered] = event["considered"]
    assert considered["code"] == "condition"
    assert considered["reason"] == "The start condition does not hold: amount (900) is not greater than 1000."
    assert considered["fix"]
    assert (considered["nodeId"], considered["stepTitle"]) == ("hook", "When a webhook is called")
    assert considered["rules"] == [
        {
            "label": "body · amount",
            "operator": "gt",
            "found": "900",
            "wanted": "1000",
            "holds": False,
            "words": "amount (900) is not greater than 1000",
        }
    ]
    [other] = await events(viewer, scenarioId=shown["id"], outcome="STARTED")
    assert [run["id"] for run in other["runs"]] == started.json()["run_ids"]
    assert other["runs"][0]["event"]["id"] == other["id"]
    assert other["considered"][0]["run"]["id"] == started.json()["run_ids"][0]
    assert len(await events(viewer, scenarioId=shown["id"])) == 2


async def test_a_caller_who_waits_for_a_result_is_told_at_once(builder: Api, sender: httpx.AsyncClient) -> None:
    shown = await publish(builder, conditional(hooked(), reply="result"))
    answer = await sender.post(await address(builder, shown), json={"amount": 1})
    assert (answer.status_code, answer.json()["started"]) == (200, False)


async def test_an_event_refused_by_a_condition_may_start_something_when_it_comes_again(
    builder: Api, sender: httpx.AsyncClient
) -> None:
    shown = await publish(builder, conditional(hooked()))
    path = await address(builder, shown)
    refused = await sender.post(path, json={"amount": 1}, headers={"webhook-id": "a"})
    mended = await sender.post(path, json={"amount": 2000}, headers={"webhook-id": "a"})
    assert (refused.json()["run_ids"], len(mended.json()["run_ids"])) == ([], 1)


async def test_a_formula_that_has_no_value_is_the_reason_in_the_reader_s_language(
    builder: Api, house: House, place: Place, sender: httpx.AsyncClient
) -> None:
    wrong = {"match": "all", "rules": [{"left": {"$formula": "1 / @hook.body.amount"}, "op": "gt", "right": 0}]}
    shown = await publish(builder, conditional(hooked(), wrong))
    await sender.post(await address(builder, shown), json={"amount": 0})
    [event] = await events(builder, scenarioId=shown["id"])
    assert event["considered"][0]["code"] == "condition_error"
    assert "Division by zero" in event["considered"][0]["reason"]
    async with house.api(builder.headers["Authorization"][7:], **{"Accept-Language": "ru"}) as russian:
        [event] = await events(russian, scenarioId=shown["id"])
        assert "ноль" in event["considered"][0]["reason"]


async def test_a_scenario_that_is_off_and_a_trigger_that_is_off_are_different_reasons(
    builder: Api, sender: httpx.AsyncClient
) -> None:
    shown = await publish(builder, hooked())
    path = await address(builder, shown)
    await switch(builder, shown, on=False)
    answer = await sender.post(path, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "scenario_disabled")
    [event] = await events(builder, scenarioId=shown["id"], outcome="STOPPED")
    assert event["considered"][0]["reason"] == "The scenario was switched off."

    changed = hooked()
    changed["nodes"][0]["disabled"] = True
    changed["nodes"].append(node("start", "manual.started", fields=[]))
    changed["edges"].append({"source": "start", "port": "out", "target": "note"})
    other = await publish(builder, hooked())
    path = await address(builder, other)
    saved = await builder(
        """mutation($id: ID!, $g: JSON!, $r: Int!) {
          saveDraft(id: $id, baseRevision: $r, graph: $g) { scenario { draftRevision } problems { code } } }""",
        id=other["id"],
        g=changed,
        r=other["draftRevision"],
    )
    revision = saved["saveDraft"]["scenario"]["draftRevision"]
    done = await builder(
        """mutation($id: ID!, $r: Int!) {
          publishScenario(id: $id, revision: $r, note: "") { problems { code severity } } }""",
        id=other["id"],
        r=revision,
    )
    assert not [one for one in done["publishScenario"]["problems"] if one["severity"] == "ERROR"]
    await asyncio.sleep(1.1)  # an answer of the dispatcher counts for a second
    answer = await sender.post(path, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "trigger_disabled")
    [event] = await events(builder, scenarioId=other["id"], outcome="STOPPED")
    assert event["considered"][0]["reason"] == "The trigger was switched off in the published version."


async def test_a_delivery_that_came_again_is_counted_at_the_first_one(
    builder: Api, viewer: Api, sender: httpx.AsyncClient
) -> None:
    shown = await publish(builder, hooked())
    path = await address(builder, shown)
    first = await sender.post(path, json={"n": 1}, headers={"webhook-id": "one"})
    assert await events(viewer, scenarioId=shown["id"], outcome="DUPLICATE") == []
    again = [sender.post(path, json={"n": 1}, headers={"webhook-id": "one"}) for _ in range(7)]
    assert {answer.json()["event_id"] for answer in await asyncio.gather(*again)} == {first.json()["event_id"]}
    [event] = await events(viewer, scenarioId=shown["id"], outcome="DUPLICATE")
    assert (event["id"], event["repeats"], len(event["runs"])) == (first.json()["event_id"], 7, 1)
    assert event["repeatedAt"] > event["createdAt"]
    assert [one["id"] for one in await events(viewer, outcome="DUPLICATE")] == [event["id"]]


async def test_a_start_by_hand_that_is_not_wanted_tells_the_person_and_is_kept(builder: Api, owner: Api) -> None:
    wanted = {"match": "all", "rules": [{"left": {"$ref": ["start", "sum"]}, "op": "gte", "right": 10}]}
    document = conditional(by_hand(name="sum", title="Sum", kind="number", required=True), wanted)
    shown = await publish(builder, document)
    start = """mutation($id: ID!, $i: JSON) {
      runNow(id: $id, input: $i) { runId problems { code message fix nodeId } } }"""
    [problem] = (await builder(start, id=shown["id"], i={"sum": 9}))["runNow"]["problems"]
    assert (problem["code"], problem["nodeId"]) == ("start_condition", "start")
    assert "sum (9) is not at least 10" in problem["message"]
    [event] = await events(owner, scenarioId=shown["id"], outcome="STOPPED", kind="MANUAL")
    assert (event["by"], event["payload"]) == ("builder key", {"sum": 9})
    assert (await builder(start, id=shown["id"], i={"sum": 10}))["runNow"]["runId"]
    assert len(await events(owner, scenarioId=shown["id"], kind="MANUAL")) == 2


DAY = timedelta(days=1)


async def fired(house: House, place: Place, shown: dict[str, Any], misfire: str, late: timedelta) -> NewEvent:
    """The event of a schedule's moment that is looked at so late."""
    target = await Dispatcher(house.engine, TYPES).trigger(UUID(shown["id"]), "clock")
    assert target is not None
    at = datetime(2026, 11, 10, 9, tzinfo=UTC)
    timer = DueTimer(
        uuid7(), "schedule", place.id, UUID(shown["id"]), target.version_id, None, "clock", at, misfire
    )
    now = at + late
    return event_of(timer, target, now, judge(misfire, at, now, lambda after: after + DAY))


@pytest.mark.parametrize(
    ("misfire", "late", "code", "times", "runs"),
    [
        ("run_once", 3 * DAY, "misfire_merged", 3, 1),
        ("skip", 3 * DAY, "misfire_skipped", 3, 0),
        ("run_all", 3 * DAY, "", 1, 1),
        ("run_once", timedelta(seconds=1), "", 1, 1),
    ],
)
async def test_missed_moments_of_a_schedule_are_kept_with_their_number(
    house: House, builder: Api, place: Place, misfire: str, late: timedelta, code: str, times: int, runs: int
) -> None:
    shown = await publish(builder, scheduled())
    event = await fired(house, place, shown, misfire, late)
    assert len(event.runs) == runs
    last = json.loads(event.considered)[-1]
    assert (last.get("stopped_by", ""), last.get("times", 1)) == (code, times)
    assert list(event.stopped) == ([UUID(shown["id"])] if code else [])


async def test_a_schedule_s_condition_looks_at_its_moment(house: House, builder: Api, place: Place) -> None:
    never = {
        "match": "all",
        "rules": [{"left": {"$ref": ["clock", "scheduled_at"]}, "op": "lt", "right": "2020-01-01"}],
    }
    shown = await publish(builder, conditional(scheduled(), never))
    event = await fired(house, place, shown, "run_once", timedelta(seconds=1))
    assert list(event.runs) == []
    [entry] = json.loads(event.considered)
    assert entry["rules"][0]["found"].startswith("2026-11-10T09:00:00")


class Kept:
    """Stands where events go."""

    def __init__(self) -> None:
        self.events: list[NewEvent] = []

    async def submit(self, event: NewEvent, reply_to: str | None = None, /) -> None:
        """Keep it."""
        self.events.append(event)


async def test_a_flood_at_a_scenario_that_is_off_is_counted_not_kept(
    house: House, builder: Api, sender: httpx.AsyncClient
) -> None:
    shown = await publish(builder, hooked())
    await switch(builder, shown, on=False)
    target = await Dispatcher(house.engine, TYPES).trigger(UUID(shown["id"]), "hook")
    assert target is not None
    kept = Kept()
    refusals = Refusals(kept, kept=3, window=0.2)  # type: ignore[arg-type]
    for number in range(50):
        await refusals.keep("t", target, json.dumps({"body": number}).encode(), target.stopped_by)
    assert len(kept.events) == 3
    await asyncio.sleep(0.4)
    assert len(kept.events) == 4
    [entry] = json.loads(kept.events[-1].considered)
    assert (entry["stopped_by"], entry["times"]) == ("scenario_disabled", 47)
    assert json.loads(kept.events[-1].payload) == {"body": 49}
    await refusals.keep("t", target, b"{}", target.stopped_by)
    assert len(kept.events) == 5


async def test_huge_and_strange_values_are_kept_short_and_shown(builder: Api, sender: httpx.AsyncClient) -> None:
    shown = await publish(builder, conditional(hooked()))
    value = "Ж🙂\u0001" * 100_000
    answer = await sender.post(await address(builder, shown), json={"amount": {value: [value]}})
    assert answer.status_code == 202
    [event] = await events(builder, scenarioId=shown["id"])
    found = event["considered"][0]["rules"][0]["found"]
    assert found.startswith('{"Ж🙂')
    assert len(found) == 200
    assert len(event["considered"][0]["reason"]) < 400
