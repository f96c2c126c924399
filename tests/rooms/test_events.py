"""Events are found by outcome, words and time, by those who may; conditions inside runs explain their way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import graph, hooked, node
from tests.rooms.house import Api, Place
from tests.rooms.test_considered import EVENTS, address, conditional, events, sender
from tests.rooms.test_runs import _statements, entry, write_run
from tests.rooms.test_scenarios import publish

from potok.runs.models import JournalSegment
from potok.runs.repository_events import patterns

__all__ = ["sender"]


async def test_events_are_found_by_words_in_their_data_however_they_were_written(
    builder: Api, sender: httpx.AsyncClient
) -> None:
    shown = await publish(builder, hooked())
    path = await address(builder, shown)
    await sender.post(
        path, content='{"name": "\\u0418\\u0432\\u0430\\u043d"}', headers={"content-type": "application/json"}
    )
    await sender.post(path, json={"name": "Иван 100%"})
    await sender.post(path, json={"name": "Пётр"})
    assert len(await events(builder, scenarioId=shown["id"], text="Иван")) == 2
    assert len(await events(builder, scenarioId=shown["id"], text="100%")) == 1
    assert len(await events(builder, scenarioId=shown["id"], text="1_0%")) == 0
    assert len(await events(builder, scenarioId=shown["id"], text="иван 1")) == 1
    assert patterns('a"b')[0] == '%a\\\\"b%'


async def test_pages_go_on_without_gaps_or_repeats_whatever_is_asked(
    builder: Api, sender: httpx.AsyncClient
) -> None:
    shown = await publish(builder, conditional(hooked()))
    path = await address(builder, shown)
    for number in range(9):
        await sender.post(path, json={"amount": 2000 if number % 2 else number, "mark": number})
    wishes: list[tuple[dict[str, Any], int]] = [
        ({}, 9),
        ({"scenarioId": shown["id"]}, 9),
        ({"scenarioId": shown["id"], "outcome": "STARTED"}, 4),
        ({"outcome": "STARTED"}, 4),
        ({"scenarioId": shown["id"], "outcome": "STOPPED"}, 5),
        ({"outcome": "STOPPED", "kind": "WEBHOOK"}, 5),
        ({"kind": "SCHEDULE"}, 0),
    ]
    for wish, count in wishes:
        seen: list[str] = []
        after = None
        while True:
            page = (await builder(EVENTS, f=wish, n=2, a=after))["events"]
            seen += [one["id"] for one in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert seen == sorted(set(seen), reverse=True)
        assert len(seen) == count, wish


async def test_a_search_that_finds_nothing_in_its_window_says_where_to_go_on(
    builder: Api, sender: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("potok.runs.service.events.WINDOW", 3)
    shown = await publish(builder, hooked())
    path = await address(builder, shown)
    for name in ("needle", "b", "c", "d"):
        await sender.post(path, json={"name": name})
    page = (await builder(EVENTS, f={"text": "needle"}))["events"]
    assert (page["nodes"], page["pageInfo"]["hasNextPage"]) == ([], True)
    page = (await builder(EVENTS, f={"text": "needle"}, a=page["pageInfo"]["endCursor"]))["events"]
    assert [one["payload"]["body"] for one in page["nodes"]] == [{"name": "needle"}]
    assert page["pageInfo"]["hasNextPage"] is False


async def test_from_and_to_bound_the_time(builder: Api, sender: httpx.AsyncClient) -> None:
    shown = await publish(builder, hooked())
    await sender.post(await address(builder, shown), json={})
    hour = timedelta(hours=1)
    now = datetime.now(UTC)
    span = {"from": (now - hour).isoformat(), "to": (now + hour).isoformat()}
    assert len(await events(builder, scenarioId=shown["id"], **span)) == 1
    assert await events(builder, **{"from": (now + hour).isoformat()}) == []
    assert await events(builder, to=(now - hour).isoformat()) == []


async def test_strangers_and_nobody_see_nothing(
    builder: Api, stranger: Api, nobody: Api, sender: httpx.AsyncClient
) -> None:
    shown = await publish(builder, conditional(hooked()))
    path = await address(builder, shown)
    refused = (await sender.post(path, json={"amount": 1})).json()["event_id"]
    await sender.post(path, json={"amount": 2000}, headers={"webhook-id": "x"})
    await sender.post(path, json={"amount": 2000}, headers={"webhook-id": "x"})
    one = "query($id: ID!) { event(id: $id) { id payload considered { reason } } }"
    assert (await builder(one, id=refused))["event"]["id"] == refused
    assert (await stranger(one, id=refused))["event"] is None
    assert (await builder(one, id="no id"))["event"] is None
    outcomes: list[dict[str, Any]] = [{}, {"outcome": "STOPPED"}, {"outcome": "STARTED"}, {"outcome": "DUPLICATE"}]
    for wish in outcomes:
        assert await events(builder, **wish)
        assert await events(stranger, **wish) == []
        assert await events(stranger, scenarioId=shown["id"], **wish) == []
    assert await nobody.refused(EVENTS) == "unauthenticated"
    assert await nobody.refused(one, id=refused) == "unauthenticated"


async def test_those_who_may_only_look_do_not_see_the_hook_s_address(
    builder: Api, viewer: Api, sender: httpx.AsyncClient
) -> None:
    shown = await publish(builder, hooked())
    path = await address(builder, shown)
    await sender.post(path, json={})
    assert path.endswith((await events(builder, scenarioId=shown["id"]))[0]["source"])
    assert (await events(viewer, scenarioId=shown["id"]))[0]["source"] == ""


async def test_a_deleted_scenario_s_events_stay(builder: Api, sender: httpx.AsyncClient) -> None:
    shown = await publish(builder, conditional(hooked()))
    await sender.post(await address(builder, shown), json={"amount": 1})
    await builder("mutation($id: ID!) { deleteScenario(id: $id) { done } }", id=shown["id"])
    [event] = await events(builder, scenarioId=shown["id"])
    assert event["considered"][0]["scenarioTitle"] == "Orders"
    assert event["considered"][0]["code"] == "condition"


async def test_a_page_of_events_costs_the_same_number_of_queries_however_long(
    builder: Api, sender: httpx.AsyncClient, db: AsyncSession
) -> None:
    query = EVENTS.replace("query($f: EventFilter, $n: Int! = 50, $a: String)", "").replace(
        "(filter: $f, first: $n, after: $a)", ""
    )
    counts = []
    for more in (1, 4):
        for _ in range(more):
            path = await address(builder, await publish(builder, conditional(hooked())))
            for amount in (1, 2000):
                await sender.post(path, json={"amount": amount})
        counts.append(min([await _statements(db, builder, query) for _ in range(4)]))
    assert counts[0] == counts[1]


async def test_only_what_was_stopped_costs_a_row_more(
    builder: Api, sender: httpx.AsyncClient, db: AsyncSession, place: Place
) -> None:
    path = await address(builder, await publish(builder, conditional(hooked())))
    for number in range(20):
        await sender.post(path, json={"amount": number * 100})
    found = await db.execute(
        text("SELECT count(*) FROM event_stopped WHERE workspace_id = :one"), {"one": place.id}
    )
    assert found.scalar_one() == 11


BOTH = {
    "match": "any",
    "rules": [
        {"left": {"$ref": ["hook", "body", "amount"]}, "op": "gt", "right": 1000},
        {"left": {"$ref": ["hook", "body", "city"]}, "op": "eq", "right": "Perm"},
    ],
}


async def test_conditions_of_a_run_explain_the_way_it_went(builder: Api, place: Place, db: AsyncSession) -> None:
    cases = [{"id": "c1", "title": "Big", "when": BOTH}]
    shown = await publish(
        builder,
        graph(
            node("hook", "webhook.received"),
            node("big", "logic.if", conditions=BOTH),
            node("way", "logic.switch", cases=cases),
            node("only", "logic.filter", conditions=BOTH),
            node("note", "data.text", text="x"),
            edges=[
                ("hook", "out", "big"),
                ("hook", "out", "way"),
                ("hook", "out", "only"),
                ("big", "true", "note"),
                ("way", "c1", "note"),
                ("only", "out", "note"),
            ],
        ),
    )
    rules = [{"left": 900, "op": "gt", "right": 1000}, {"left": "Perm", "op": "eq", "right": "Perm"}]
    nothing = {"match": "any", "rules": [rules[0], {"left": None, "op": "eq", "right": "Perm"}]}
    half = {"match": "any", "rules": rules}
    run = await write_run(db, shown, place)
    written = [
        entry("hook", "webhook.received", "done", 1),
        entry("big", "logic.if", "done", 2, p="false", i={"conditions": nothing}),
        entry("way", "logic.switch", "done", 3, p="c1", i={"cases": [{"id": "c1", "title": "Big", "when": half}]}),
        entry("only", "logic.filter", "done", 4, p="rejected", i={"conditions": "lost"}),
    ]
    db.add(JournalSegment(run_id=run.id, seq=0, entries=written, created_at=run.created_at))
    await db.commit()
    asked = "query($id: ID!) { run(id: $id) { event { id } steps { nodeId explains { case holds words } } } }"
    steps = (await builder(asked, id=str(run.id)))["run"]["steps"]
    explains = {step["nodeId"]: step["explains"] for step in steps}
    assert [one["words"] for one in explains["big"]] == [
        "amount (900) is not greater than 1000",
        "city (nothing) is not “Perm”",
    ]
    assert explains["way"] == [{"case": "Big", "holds": True, "words": "city (“Perm”) is “Perm”"}]
    assert (explains["hook"], explains["only"]) == ([], [])
