"""Working calendars: who may change them, what is refused, holidays, and what moves when they change."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import graph, node
from tests.rooms.house import Api, Place
from tests.rooms.test_audit import entries
from tests.rooms.test_calendar import page
from tests.rooms.test_scenarios import publish
from uuid_utils.compat import uuid7

from potok.graph.almanac import default_id, wait_to_json
from potok.runs.models import Timer
from potok.sdk.working import WorkingWait

FIELDS = """id name timeZone isDefault country subdivision weekly { start end }
  exceptions { date name by hours { start end } }"""
LIST = f"{{ calendars {{ {FIELDS} }} }}"
CREATE = f"""mutation($i: CalendarInput!) {{ createCalendar(input: $i) {{
  calendar {{ {FIELDS} }} problems {{ code path message }} }} }}"""
UPDATE = f"""mutation($id: ID!, $i: CalendarInput!) {{ updateCalendar(id: $id, input: $i) {{
  calendar {{ {FIELDS} }} problems {{ code path }} }} }}"""
DELETE = "mutation($id: ID!) { deleteCalendar(id: $id) { done problems { code message } } }"
FILL = """mutation($id: ID!, $c: String!, $s: String! = "", $y: [Int!]!) {
  fillHolidays(calendarId: $id, country: $c, subdivision: $s, years: $y) {
  added { date name } calendar { country exceptions { date name by hours { start end } } } problems { code } } }"""
PREVIEW = """query($id: ID!, $c: String!, $y: [Int!]!) {
  holidaysToFill(calendarId: $id, country: $c, years: $y) { added { date name } problems { code } } }"""
ZONE = "mutation($z: String!) { setTimeZone(timeZone: $z) { done problems { code } } }"
DAY = [{"start": 540, "end": 1080}]
WEEK = [DAY] * 5 + [[], []]


def wanted(**more: Any) -> dict[str, Any]:
    return {"name": "Shop", "weekly": WEEK, **more}


async def first(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = (await api(LIST))["calendars"][0]
    return found


async def created(api: Api, **more: Any) -> dict[str, Any]:
    answer = (await api(CREATE, i=wanted(**more)))["createCalendar"]
    assert answer["problems"] == []
    found: dict[str, Any] = answer["calendar"]
    return found


async def test_a_workspace_begins_with_office_hours_in_its_zone(viewer: Api, place: Place) -> None:
    found = await first(viewer)
    assert (found["id"], found["name"], found["timeZone"]) == (str(default_id(place.id)), "Working hours", None)
    assert found["weekly"] == WEEK
    assert (found["isDefault"], found["exceptions"]) == (True, [])


async def test_only_owners_change_calendars_and_others_see_none_of_them(
    owner: Api, builder: Api, viewer: Api, nobody: Api, stranger: Api
) -> None:
    mine = await created(owner)
    assert await nobody.refused(LIST) == "unauthenticated"
    for api in (viewer, builder):
        assert await api.refused(CREATE, i=wanted()) == "forbidden"
        assert await api.refused(UPDATE, id=mine["id"], i=wanted()) == "forbidden"
        assert await api.refused(DELETE, id=mine["id"]) == "forbidden"
        assert await api.refused(FILL, id=mine["id"], c="DE", y=[2026]) == "forbidden"
        assert await api.refused(ZONE, z="Europe/Berlin") == "forbidden"
    assert [one["name"] for one in (await stranger(LIST))["calendars"]] == ["Working hours"]
    for answer in (
        (await stranger(UPDATE, id=mine["id"], i=wanted()))["updateCalendar"],
        (await stranger(DELETE, id=mine["id"]))["deleteCalendar"],
        (await stranger(FILL, id=mine["id"], c="DE", y=[2026]))["fillHolidays"],
        (await stranger(PREVIEW, id=mine["id"], c="DE", y=[2026]))["holidaysToFill"],
    ):
        assert [one["code"] for one in answer["problems"]] == ["calendar_not_found"]


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"name": " "}, "calendar_name_empty", ["name"]),
        ({"timeZone": "Mars/Base"}, "time_zone_unknown", ["timeZone"]),
        ({"weekly": [[]] * 7}, "calendar_never_works", ["weekly"]),
        ({"weekly": [DAY] * 6}, "calendar_week", ["weekly"]),
        ({"weekly": [[{"start": 1320, "end": 360}], *WEEK[1:]]}, "calendar_hours_order", ["weekly", "0"]),
        ({"weekly": [DAY * 2, *WEEK[1:]]}, "calendar_hours_overlap", ["weekly", "0"]),
        (
            {"exceptions": [{"date": "2026-12-31", "hours": [{"start": 0, "end": 1500}]}]},
            "calendar_hours_range",
            ["exceptions", "2026-12-31"],
        ),
        ({"exceptions": [{"date": "2026-12-31"}] * 2}, "calendar_date_twice", ["exceptions", "2026-12-31"]),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_its_place(
    owner: Api, more: dict[str, Any], code: str, path: list[str]
) -> None:
    answer = (await owner(CREATE, i=wanted(**more)))["createCalendar"]
    assert answer["calendar"] is None
    assert (answer["problems"][0]["code"], answer["problems"][0]["path"]) == (code, path)
    assert len((await owner(LIST))["calendars"]) == 1


async def test_holidays_are_filled_and_what_a_person_set_stays(owner: Api) -> None:
    mine = await first(owner)
    preview = (await owner(PREVIEW, id=mine["id"], c="RU", y=[2026]))["holidaysToFill"]["added"]
    filled = (await owner(FILL, id=mine["id"], c="RU", y=[2026]))["fillHolidays"]
    assert filled["added"] == preview
    assert "2026-01-07" in [one["date"] for one in filled["added"]]
    assert {one["by"] for one in filled["calendar"]["exceptions"]} == {"HOLIDAYS"}
    kept = [one for one in filled["calendar"]["exceptions"] if one["date"] != "2026-06-12"]
    changed = [
        {**one, "hours": DAY} if one["date"] == "2026-05-01" else one
        for one in ({key: one[key] for key in ("date", "name", "hours")} for one in kept)
    ]
    await owner(UPDATE, id=mine["id"], i=wanted(exceptions=changed))
    again = (await owner(FILL, id=mine["id"], c="RU", y=[2026, 2027]))["fillHolidays"]
    assert {one["date"][:4] for one in again["added"]} == {"2027"}
    found = {one["date"]: one for one in again["calendar"]["exceptions"]}
    assert (found["2026-05-01"]["by"], found["2026-05-01"]["hours"]) == ("PERSON", DAY)
    assert (found["2026-06-12"]["by"], found["2026-06-12"]["hours"]) == ("PERSON", None)
    assert (found["2026-01-07"]["by"], found["2026-01-07"]["hours"]) == ("HOLIDAYS", [])


async def test_a_weekend_day_worked_in_place_of_another_gets_hours(owner: Api) -> None:
    mine = await first(owner)
    filled = (await owner(FILL, id=mine["id"], c="RU", y=[2024]))["fillHolidays"]["calendar"]["exceptions"]
    [moved] = [one for one in filled if one["date"] == "2024-04-27"]
    assert (moved["hours"], moved["name"]) == (DAY, "Working day moved here")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"c": "XX", "y": [2026]}, "country_unknown"),
        ({"c": "DE", "s": "ZZ", "y": [2026]}, "subdivision_unknown"),
        ({"c": "DE", "y": []}, "holiday_years"),
        ({"c": "DE", "y": [1]}, "holiday_years"),
    ],
)
async def test_holidays_of_nowhere_are_refused(owner: Api, given: dict[str, Any], code: str) -> None:
    answer = (await owner(FILL, id=(await first(owner))["id"], **given))["fillHolidays"]
    assert [one["code"] for one in answer["problems"]] == [code]


async def test_another_default_takes_over_and_the_first_can_be_deleted_then(owner: Api) -> None:
    before = await first(owner)
    answer = (await owner(DELETE, id=before["id"]))["deleteCalendar"]
    assert [one["code"] for one in answer["problems"]] == ["calendar_is_default"]
    other = await created(owner, isDefault=True)
    assert [(one["id"], one["isDefault"]) for one in (await owner(LIST))["calendars"]] == [
        (other["id"], True),
        (before["id"], False),
    ]
    assert (await owner(DELETE, id=before["id"]))["deleteCalendar"]["done"]
    assert [one["id"] for one in (await owner(LIST))["calendars"]] == [other["id"]]


async def test_one_that_a_published_scenario_uses_is_not_deleted(owner: Api) -> None:
    mine = await created(owner)
    await publish(owner, scheduled(days="skip", calendar=mine["id"]))
    answer = (await owner(DELETE, id=mine["id"]))["deleteCalendar"]
    assert answer["problems"] == [
        {"code": "calendar_used", "message": "“Shop” is used by “Days”."},
    ]


def scheduled(**more: Any) -> dict[str, Any]:
    clock = node("clock", "schedule.fired", schedule={"every": "day", "at": "12:00"}, **more)
    end = node("end", "flow.succeed")
    return graph(clock, end, edges=[("clock", "out", "end")], title="Days")


def every_day_but(*days: Any) -> dict[str, Any]:
    return {"weekly": [DAY] * 7, "exceptions": [{"date": day.isoformat(), "hours": []} for day in days]}


async def test_a_schedule_that_leaves_days_off_out_moves_with_the_calendar(owner: Api) -> None:
    mine = await created(owner, **every_day_but())
    await publish(owner, scheduled(days="skip", calendar=mine["id"]))
    [before] = await page(owner)
    day = datetime.fromisoformat(before["fireAt"]).date()
    await owner(UPDATE, id=mine["id"], i=wanted(**every_day_but(day)))
    [after] = await page(owner)
    assert datetime.fromisoformat(after["fireAt"]).date() == day + timedelta(days=1)
    [missed] = await page(owner, state="MISSED")
    assert missed["reason"] == "That day is a day off, and the trigger leaves days off out."
    await owner(UPDATE, id=mine["id"], i=wanted(**every_day_but()))
    [back] = await page(owner)
    assert back["fireAt"] == before["fireAt"]
    assert await page(owner, state="MISSED") == []


async def test_a_wait_in_working_time_moves_with_the_calendar_in_the_same_transaction(
    owner: Api, place: Place, db: AsyncSession
) -> None:
    mine = await created(owner, timeZone="UTC", weekly=WEEK)
    friday = datetime(2099, 11, 6, 16, tzinfo=UTC)
    kept = wait_to_json(WorkingWait(friday, timedelta(hours=4), mine["id"]))
    timer = Timer(
        id=uuid7(),
        workspace_id=place.id,
        kind="wait",
        scenario_id=uuid7(),
        run_id=uuid7(),
        node_id="w",
        fire_at=datetime(2099, 11, 9, 11, tzinfo=UTC),
        working=kept,
    )
    db.add(timer)
    await db.commit()
    await owner(UPDATE, id=mine["id"], i=wanted(timeZone="UTC", exceptions=[{"date": "2099-11-09", "hours": []}]))
    [moved] = await page(owner)
    assert moved["fireAt"] == "2099-11-10T11:00:00+00:00"
    assert moved["reason"] == "Moved: the calendar changed."
    refused = (await owner(UPDATE, id=mine["id"], i=wanted(weekly=[[]] * 7)))["updateCalendar"]
    assert refused["calendar"] is None
    assert [one["fireAt"] for one in await page(owner)] == [moved["fireAt"]]


async def test_calendars_follow_the_zone_of_the_workspace(owner: Api, place: Place, db: AsyncSession) -> None:
    kept = wait_to_json(WorkingWait(datetime(2099, 11, 9, tzinfo=UTC)))
    db.add(
        Timer(
            id=uuid7(),
            workspace_id=place.id,
            kind="wait",
            scenario_id=uuid7(),
            run_id=uuid7(),
            node_id="w",
            fire_at=datetime(2099, 11, 9, 9, tzinfo=UTC),
            working=kept,
        )
    )
    await db.commit()
    assert (await owner(ZONE, z="Nowhere"))["setTimeZone"]["problems"] == [{"code": "time_zone_unknown"}]
    assert (await owner(ZONE, z="Europe/Moscow"))["setTimeZone"]["done"]
    assert (await owner("{ viewer { workspace { timeZone } } }"))["viewer"]["workspace"][
        "timeZone"
    ] == "Europe/Moscow"
    assert [one["fireAt"] for one in await page(owner)] == ["2099-11-09T06:00:00+00:00"]


async def test_who_changed_what_is_in_the_audit_log(owner: Api, place: Place, db: AsyncSession) -> None:
    mine = await created(owner)
    await owner(UPDATE, id=mine["id"], i=wanted(name="Store"))
    await owner(FILL, id=mine["id"], c="DE", y=[2026])
    await owner(DELETE, id=mine["id"])
    await owner(ZONE, z="Europe/Berlin")
    said = [(one.action, one.subject) for one in await entries(db, place)]
    assert [one for one in said if "calendar" in one[0] or "holidays" in one[0]] == [
        ("calendar_created", "Shop"),
        ("calendar_changed", "Store"),
        ("holidays_filled", "Store"),
        ("calendar_deleted", "Store"),
    ]
    assert said[-1][0] == "time_zone_changed"
    assert UUID(mine["id"])
