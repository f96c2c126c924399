"""The calendar: what fires next, what fired, what was missed or taken back, and why."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import scheduled
from tests.rooms.house import Api, Place
from tests.rooms.test_scenarios import publish
from uuid_utils.compat import uuid7

from potok.runs.models import Timer

PAGE = """query($state: TimerState! = PLANNED, $s: ID, $n: Int! = 50, $a: String) {
  timers(state: $state, scenarioId: $s, first: $n, after: $a) {
    nodes { id kind state fireAt firedAt scenarioTitle stepTitle nodeId runId reason }
    pageInfo { endCursor hasNextPage } } }"""
START = datetime(2026, 11, 1, 9, tzinfo=UTC)


async def page(api: Api, **variables: Any) -> list[dict[str, Any]]:
    """All rows, page by page."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        shown = (await api(PAGE, a=after, **variables))["timers"]
        found += shown["nodes"]
        after = shown["pageInfo"]["endCursor"]
        if not shown["pageInfo"]["hasNextPage"]:
            return found


async def write(db: AsyncSession, place: Place, shown: dict[str, Any], state: str, *reasons: str) -> None:
    """Timers of a scenario, an hour apart."""
    for number, reason in enumerate(reasons):
        db.add(
            Timer(
                id=uuid7(),
                workspace_id=place.id,
                kind="schedule",
                scenario_id=UUID(shown["id"]),
                node_id="clock",
                fire_at=START + timedelta(hours=number),
                state=state,
                reason=reason,
            )
        )
    await db.commit()


async def test_a_published_schedule_is_next_and_a_switched_off_one_says_so(builder: Api, viewer: Api) -> None:
    shown = await publish(builder, scheduled())
    [timer] = await page(viewer)
    assert (timer["kind"], timer["state"], timer["scenarioTitle"]) == ("SCHEDULE", "PLANNED", "Orders")
    assert (timer["stepTitle"], timer["reason"], timer["firedAt"]) == ("At set times", "", None)
    assert datetime.fromisoformat(timer["fireAt"]) > datetime.now(UTC)
    await builder(
        "mutation($id: ID!) { setScenarioEnabled(id: $id, enabled: false) { conflict } }", id=shown["id"]
    )
    assert await page(viewer) == []
    [timer] = await page(viewer, state="CANCELLED", s=shown["id"])
    assert timer["reason"] == "The scenario was switched off."


async def test_missed_moments_carry_their_reason_in_the_reader_s_language(
    builder: Api, place: Place, db: AsyncSession
) -> None:
    shown = await publish(builder, scheduled())
    await write(db, place, shown, "missed", "late", "merged", "ZeroDivisionError: oops")
    assert [one["reason"] for one in await page(builder, state="MISSED")] == [
        "ZeroDivisionError: oops",
        "Potok was off at that moment; one run stands for all moments missed.",
        "Potok was off at that moment, and the trigger leaves missed moments out.",
    ]
    russian = await builder.raw(PAGE, headers={"Accept-Language": "ru"}, state="MISSED", n=1, a=None)
    assert russian.json()["data"]["timers"]["nodes"][0]["reason"] == "ZeroDivisionError: oops"


@pytest.mark.parametrize(("state", "backwards"), [("planned", False), ("fired", True), ("cancelled", True)])
async def test_pages_go_forward_from_the_next_and_back_from_the_latest(
    builder: Api, place: Place, db: AsyncSession, state: str, backwards: bool
) -> None:
    shown = await publish(builder, scheduled())
    await write(db, place, shown, state, *[""] * 5)
    rows = await page(builder, state=state.upper(), n=2)
    moments = [datetime.fromisoformat(one["fireAt"]) for one in rows]
    expected = [START + timedelta(hours=number) for number in range(5)]
    ours = [moment for moment in moments if moment in expected]
    assert ours == (expected[::-1] if backwards else expected)
    assert len({one["id"] for one in rows}) == len(rows)


async def test_strangers_see_no_timers(builder: Api, stranger: Api, nobody: Api, place: Place) -> None:
    shown = await publish(builder, scheduled())
    assert await page(stranger) == []
    assert await page(stranger, s=shown["id"]) == []
    assert await nobody.refused(PAGE, a=None) == "unauthenticated"
    assert await builder.refused(PAGE, a="nonsense") == "cursor_invalid"


async def test_timers_are_filtered_by_kind_and_say_whether_their_scenario_is_on(
    builder: Api, viewer: Api, place: Place, db: AsyncSession
) -> None:
    shown = await publish(builder, scheduled())
    await write(db, place, shown, "planned", "")
    ask = """query($k: [TimerKind!]) { timers(kinds: $k) { nodes { kind scenarioEnabled } } }"""
    both = (await viewer(ask, k=["SCHEDULE", "WAIT"]))["timers"]["nodes"]
    assert both == [{"kind": "SCHEDULE", "scenarioEnabled": True}] * 2
    assert (await viewer(ask, k=["WAIT"]))["timers"]["nodes"] == []
    off = "mutation($id: ID!) { setScenarioEnabled(id: $id, enabled: false) { conflict } }"
    await builder(off, id=shown["id"])
    await write(db, place, shown, "planned", "")
    assert (await viewer(ask))["timers"]["nodes"] == [{"kind": "SCHEDULE", "scenarioEnabled": False}]
