"""Schedules and days off: left out, or moved to the next working day, and nothing fires twice or is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potok.engine.firing import DAY_OFF, MOST, MOVED, next_firing
from potok.graph.almanac import OFFICE, Almanac, office
from potok.graph.working_time import working_calendar

HOLIDAY = working_calendar("UTC", OFFICE, {date(2026, 11, 4): []}, id="h")
ALMANAC = Almanac(HOLIDAY.zone, HOLIDAY, {"h": HOLIDAY})
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass
class Settings:
    days: str = "any"
    calendar: str = ""


def every(step: timedelta, start: datetime = MONDAY) -> Callable[[datetime], datetime]:
    return lambda after: start + ((after - start) // step + 1) * step


DAILY = every(timedelta(days=1), MONDAY + timedelta(hours=9))


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_any_day_fires_where_nothing_is_said() -> None:
    assert next_firing(DAILY, Settings(), at(3), ALMANAC) == (at(4), ())
    assert next_firing(DAILY, object(), at(3), ALMANAC) == (at(4), ())


def test_a_day_off_is_left_out_with_its_reason() -> None:
    assert next_firing(DAILY, Settings("skip"), at(3), ALMANAC) == (at(5), ((at(4), DAY_OFF),))
    assert next_firing(DAILY, Settings("skip"), at(6), ALMANAC) == (at(9), ((at(7), DAY_OFF), (at(8), DAY_OFF)))


def test_moments_moved_to_a_day_that_has_its_own_become_one() -> None:
    assert next_firing(DAILY, Settings("move"), at(6), ALMANAC) == (at(9), ((at(7), MOVED), (at(8), MOVED)))
    assert next_firing(DAILY, Settings("move"), at(9), ALMANAC) == (at(10), ())


def test_a_weekly_moment_on_a_sunday_fires_on_monday_at_its_time() -> None:
    sundays = every(timedelta(days=7), at(1, 20))
    assert next_firing(sundays, Settings("move"), at(3), ALMANAC) == (at(9, 20), ((at(8, 20), MOVED),))
    assert next_firing(sundays, Settings("move"), at(9, 10), ALMANAC).at == at(9, 20), "asked on Monday morning"


def test_a_moved_moment_is_not_lost_behind_an_earlier_one_of_the_same_day() -> None:
    moments = [at(7, 14), at(9, 9), at(10, 9)]

    def find(after: datetime) -> datetime | None:
        return next((one for one in moments if one > after), None)

    assert next_firing(find, Settings("move"), at(6), ALMANAC).at == at(9, 9)
    assert next_firing(find, Settings("move"), at(9, 9), ALMANAC).at == at(9, 14)
    assert next_firing(find, Settings("move"), at(9, 14), ALMANAC).at == at(10, 9)


def test_a_schedule_of_every_minute_lists_a_part_of_a_weekend_and_ends() -> None:
    found = next_firing(every(timedelta(minutes=1)), Settings("skip"), at(6, 23) + timedelta(minutes=59), ALMANAC)
    assert found.at == at(9, 0)
    assert len(found.left_out) == MOST


@pytest.mark.parametrize("days", ["skip", "move"])
def test_where_no_day_is_worked_nothing_fires_and_the_search_ends(days: str) -> None:
    never = working_calendar("UTC", [[]] * 7)
    assert next_firing(DAILY, Settings(days), at(3), Almanac(never.zone, never)).at is None


def test_a_calendar_that_is_gone_leaves_no_day_out() -> None:
    assert next_firing(DAILY, Settings("skip", "gone"), at(6), office("UTC")).at == at(7)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["skip", "move"]), st.integers(1, 200), st.integers(0, 2000), st.integers(0, 400))
def test_asking_step_by_step_meets_each_firing_once_and_only_working_days(
    days: str, hours: int, begin: int, later: int
) -> None:
    find = every(timedelta(hours=hours), MONDAY + timedelta(minutes=begin))
    after, seen = MONDAY + timedelta(hours=later), []
    for _ in range(20):
        found = next_firing(find, Settings(days), after, ALMANAC)
        assert found.at is not None
        assert found.at > after
        assert HOLIDAY.is_working_day(found.at.date())
        between = after + (found.at - after) / 2
        assert next_firing(find, Settings(days), between, ALMANAC).at == found.at, "asking later changes nothing"
        seen.append(found.at)
        after = found.at
    assert sorted(set(seen)) == seen
