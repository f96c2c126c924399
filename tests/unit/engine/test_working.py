"""Runs that wait in working time follow the calendar; "today" and working days are the workspace's."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.unit.engine.support import TYPES, World, journal, steps

from potok.engine.ports import Firing
from potok.engine.working import OfficeHours
from potok.graph.almanac import Almanac
from potok.graph.working_time import working_calendar
from potok.sdk import Ctx, Wait, WorkingWait, action

ALWAYS = [[(0, 1440)]] * 7


@action("t.work", output={})
async def work(ctx: Ctx, hours: float = 0) -> Any:
    """Work. Waits in working time."""
    wanted = WorkingWait(ctx.now(), timedelta(hours=hours))
    until = ctx.over(wanted)
    return Wait(until, {"until": until.isoformat()}, working=wanted)


TYPES.types["t.work"] = work.build()


def almanac(zone: str = "UTC", weekly: Any = ALWAYS, off: tuple[date, ...] = ()) -> Almanac:
    calendar = working_calendar(zone, weekly, dict.fromkeys(off, ()))
    return Almanac(calendar.zone, calendar)


def world_with(hours: OfficeHours) -> World:
    return World(calendars=hours)


async def _fire(due: list[Any]) -> list[Firing]:
    return [Firing(timer.id) for timer in due]


async def wake(world: World, run_id: Any) -> Any:
    """As the timer would, whatever its moment."""
    for timer, _, _ in world.store.timers.values():
        timer.fire_at = datetime.now(UTC) - timedelta(seconds=1)
    assert await world.store.fire_due(10, _fire) == [run_id]
    return await world.advance(run_id)


async def test_a_wait_that_became_shorter_is_over_when_the_calendar_says_so() -> None:
    hours = OfficeHours(almanac(weekly=[[(0, 1)]] * 7))
    world = world_with(hours)
    kept = await world.run(
        {"w": ("t.work", {"hours": 1}), "b": ("t.say", {"value": {"$ref": ["w", "until"]}})}, "in>w", "w>b"
    )
    assert kept.run.status == "waiting"
    started = datetime.fromisoformat(steps(kept)["w"]["wt"]["f"])
    hours.almanac = almanac()
    world.shift = timedelta(hours=2)
    kept = await wake(world, kept.run.run_id)
    assert kept.run.status == "succeeded"
    assert steps(kept)["b"]["o"] == {"value": (started + timedelta(hours=1)).isoformat()}


async def test_a_wait_that_became_longer_goes_on_waiting_when_its_old_timer_fires() -> None:
    hours = OfficeHours(almanac())
    world = world_with(hours)
    kept = await world.run({"w": ("t.work", {"hours": 1})}, "in>w")
    hours.almanac = almanac(weekly=[[(0, 1)]] * 7)
    world.shift = timedelta(hours=2)
    kept = await wake(world, kept.run.run_id)
    assert kept.run.status == "waiting"
    [(timer, state, _)] = world.store.timers.values()
    assert state == "planned"
    assert timer.fire_at > world.now() + timedelta(days=50)


async def test_a_calendar_that_is_gone_leaves_the_moment_as_it_was_planned() -> None:
    world = world_with(OfficeHours(almanac()))
    kept = await world.run({"w": ("t.work", {"hours": 1})}, "in>w")
    [entry] = [one for one in journal(kept) if "wt" in one]
    entry["wt"]["c"] = "gone"
    world.shift = timedelta(hours=2)
    kept = await wake(world, kept.run.run_id)
    assert kept.run.status == "succeeded"


async def test_today_is_the_day_of_the_workspace() -> None:
    world = World(calendars=OfficeHours(almanac("Pacific/Kiritimati")))
    formula = {"$formula": "TODAY()"}
    kept = await world.run({"a": ("t.say", {"value": formula})}, "in>a")
    assert steps(kept)["a"]["o"] == {"value": (datetime.now(UTC) + timedelta(hours=14)).date().isoformat()}


async def test_workday_counts_by_the_default_calendar() -> None:
    off = almanac(weekly=[[(540, 1080)]] * 5 + [[], []], off=(date(2026, 11, 4),))
    formulas = {
        "a": ("t.say", {"value": {"$formula": "WORKDAY(DATE(2026; 11; 3); 1)"}}),
        "b": ("t.say", {"value": {"$formula": "NETWORKDAYS(DATE(2026; 11; 2); DATE(2026; 11; 8))"}}),
    }
    kept = await World(calendars=OfficeHours(off)).run(formulas, "in>a", "a>b")
    assert steps(kept)["a"]["o"] == {"value": "2026-11-05"}
    assert steps(kept)["b"]["o"] == {"value": 4}
