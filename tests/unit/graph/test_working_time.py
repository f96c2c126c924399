"""Working time: hours, days off, changes of the clocks, and searches that end."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from potok.graph.working_time import (
    BadHours,
    NeverWorking,
    TooFar,
    WorkingCalendar,
    check_hours,
    day_spans,
    working_calendar,
)

OFFICE = [[(540, 1080)]] * 5 + [[], []]
NIGHT = [[(0, 360)]] * 7
MOSCOW = working_calendar("Europe/Moscow", OFFICE)


def at(text: str, zone: str = "Europe/Moscow") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("2026-11-23 09:00", True),
        ("2026-11-23 08:59", False),
        ("2026-11-23 17:59", True),
        ("2026-11-23 18:00", False),
        ("2026-11-22 12:00", False),
    ],
)
def test_hours_begin_with_their_first_minute_and_end_before_their_last(moment: str, working: bool) -> None:
    assert MOSCOW.is_working(at(moment)) is working


def test_working_hours_go_on_over_a_night_and_a_weekend() -> None:
    assert MOSCOW.add_working(at("2026-11-27 16:00"), timedelta(hours=4)) == at("2026-11-30 11:00")
    assert MOSCOW.add_working(at("2026-11-28 16:00"), timedelta(hours=4)) == at("2026-11-30 13:00")


def test_what_fills_a_day_ends_with_it_not_next_morning() -> None:
    assert MOSCOW.add_working(at("2026-11-27 09:00"), timedelta(hours=9)) == at("2026-11-27 18:00")
    assert MOSCOW.add_working(at("2026-11-28 09:00"), timedelta(0)) == at("2026-11-28 09:00")


def test_the_next_working_moment_is_now_while_it_is_worked() -> None:
    assert MOSCOW.next_working_moment(at("2026-11-27 12:34")) == at("2026-11-27 12:34")
    assert MOSCOW.next_working_moment(at("2026-11-27 18:00")) == at("2026-11-30 09:00")


def test_a_holiday_a_short_day_and_a_working_saturday_replace_the_week() -> None:
    calendar = working_calendar(
        "Europe/Moscow",
        OFFICE,
        {date(2026, 11, 4): [], date(2026, 11, 3): [(540, 1020)], date(2026, 11, 7): [(600, 720)]},
    )
    assert calendar.add_working(at("2026-11-03 16:00"), timedelta(hours=2)) == at("2026-11-05 10:00")
    assert calendar.add_working(at("2026-11-06 18:00"), timedelta(hours=3)) == at("2026-11-09 10:00")
    assert calendar.add_working_days(date(2026, 11, 3), 1) == date(2026, 11, 5)
    assert calendar.next_working_day(date(2026, 11, 6)) == date(2026, 11, 7)
    assert calendar.add_working_days(date(2026, 11, 5), -1) == date(2026, 11, 3)


def test_an_hour_that_clocks_skip_is_no_working_time() -> None:
    berlin = working_calendar("Europe/Berlin", NIGHT)  # 2026-03-29: 02:00 becomes 03:00
    assert berlin.working_between(
        at("2026-03-29 00:00", "Europe/Berlin"), at("2026-03-29 12:00", "Europe/Berlin")
    ) == (timedelta(hours=5))
    late = berlin.add_working(at("2026-03-29 00:00", "Europe/Berlin"), timedelta(hours=3))
    assert late == datetime(2026, 3, 29, 2, tzinfo=UTC), "three real hours: clocks show 04:00"
    only = working_calendar("Europe/Berlin", [[(120, 180)]] * 7)
    assert only.next_working_moment(at("2026-03-29 00:00", "Europe/Berlin")) == at(
        "2026-03-30 02:00", "Europe/Berlin"
    )


def test_an_hour_that_comes_twice_is_worked_twice() -> None:
    berlin = working_calendar("Europe/Berlin", NIGHT)  # 2026-10-25: 03:00 becomes 02:00
    start, end = at("2026-10-25 00:00", "Europe/Berlin"), at("2026-10-25 12:00", "Europe/Berlin")
    assert berlin.working_between(start, end) == timedelta(hours=7)
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert berlin.is_working(first)
    assert berlin.is_working(second)


def test_hours_that_end_inside_the_hour_that_comes_twice_go_on_when_it_comes_again() -> None:
    berlin = working_calendar("Europe/Berlin", [[(0, 150)]] * 7)
    start = at("2026-10-25 00:00", "Europe/Berlin")
    assert berlin.next_working_moment(datetime(2026, 10, 25, 0, 45, tzinfo=UTC)) == datetime(
        2026, 10, 25, 1, tzinfo=UTC
    )
    assert berlin.working_between(start, start + timedelta(hours=12)) == timedelta(hours=3)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_where_clocks_never_change_the_night_keeps_its_length(day: str) -> None:
    moscow = working_calendar("Europe/Moscow", NIGHT)
    start = at(f"{day} 00:00")
    assert moscow.working_between(start, start + timedelta(hours=24)) == timedelta(hours=6)


def test_where_midnight_itself_comes_twice_or_never_the_day_keeps_its_hours() -> None:
    havana = ZoneInfo("America/Havana")  # 2026-03-08: 00:00 becomes 01:00; 2026-11-01: 01:00 becomes 00:00
    for day, hours in ((date(2026, 3, 8), 23), (date(2026, 11, 1), 25)):
        [(start, end)] = day_spans(havana, day, [(0, 1440)])
        assert end - start == timedelta(hours=hours)
    samoa = ZoneInfo("Pacific/Apia")
    assert day_spans(samoa, date(2011, 12, 30), [(0, 1440)]) == [], "a date that Samoa skipped"


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ([(1320, 360)], "order"),
        ([(540, 540)], "order"),
        ([(0, 1441)], "range"),
        ([(540, 700), (600, 800)], "overlap"),
    ],
)
def test_hours_over_midnight_empty_overlapping_or_beyond_the_day_are_refused(
    hours: list[tuple[int, int]], reason: str
) -> None:
    with pytest.raises(BadHours) as caught:
        check_hours(hours)
    assert caught.value.reason == reason


def test_hours_that_touch_are_one() -> None:
    assert check_hours([(720, 800), (540, 720)]) == ((540, 800),)


def test_a_calendar_without_any_hours_says_so_and_ends() -> None:
    never = working_calendar("UTC", [[]] * 7)
    moment = at("2026-01-01 00:00", "UTC")
    asked: list[Callable[[], object]] = [
        lambda: never.next_working_moment(moment),
        lambda: never.add_working(moment, timedelta(hours=1)),
        lambda: never.add_working_days(moment.date(), 1),
        lambda: never.add_working_days(moment.date(), -1),
    ]
    for ask in asked:
        with pytest.raises(NeverWorking):
            ask()
    assert never.working_between(moment, moment + timedelta(days=4000)) == timedelta(0)


def test_what_lies_beyond_thirty_years_is_too_far() -> None:
    with pytest.raises(TooFar):
        MOSCOW.add_working(at("2026-01-01 00:00"), timedelta(days=9000))
    with pytest.raises(TooFar):
        MOSCOW.add_working_days(date(2026, 1, 1), 100_000)
    with pytest.raises(TooFar):
        MOSCOW.next_working_moment(datetime(9999, 12, 31, 23, tzinfo=UTC))


ZONES = st.sampled_from(
    ["UTC", "Europe/Moscow", "Europe/Berlin", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"]
)
INTERVAL = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda one: one[0] < one[1])
DAYS = st.lists(INTERVAL, max_size=1)
MOMENTS = st.integers(1_260_000_000, 1_890_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    weekly = draw(st.lists(DAYS, min_size=7, max_size=7))
    exceptions = draw(st.dictionaries(st.dates(date(2010, 1, 1), date(2030, 1, 1)), DAYS, max_size=4))
    return working_calendar(draw(ZONES), weekly, exceptions)


@settings(max_examples=150, deadline=None)
@given(calendars(), MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(days=3)))
@example(working_calendar("Europe/Berlin", NIGHT), datetime(2026, 10, 24, 23, tzinfo=UTC), timedelta(hours=5))
def test_exactly_the_asked_working_time_lies_before_the_answer(
    calendar: WorkingCalendar, moment: datetime, length: timedelta
) -> None:
    try:
        found = calendar.add_working(moment, length)
    except (NeverWorking, TooFar):
        assert sum(map(bool, calendar.weekly)) == 0 or length > timedelta(hours=1)
        return
    assert calendar.working_between(moment, found) == length
    assert calendar.is_working(found - timedelta(microseconds=1))


@settings(max_examples=150, deadline=None)
@given(calendars(), MOMENTS)
def test_the_next_working_moment_is_working_and_nothing_before_it_is(
    calendar: WorkingCalendar, moment: datetime
) -> None:
    try:
        found = calendar.next_working_moment(moment)
    except NeverWorking:
        assert not any(calendar.weekly)
        return
    assert found >= moment
    assert calendar.is_working(found)
    assert calendar.working_between(moment, found) == timedelta(0)
    assert found == moment or not calendar.is_working(moment)


@settings(max_examples=100, deadline=None)
@given(calendars(), st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(1, 40))
def test_working_days_there_and_back_end_on_the_same_day(calendar: WorkingCalendar, day: date, count: int) -> None:
    try:
        later = calendar.add_working_days(day, count)
    except NeverWorking:
        return
    assert calendar.is_working_day(later)
    earlier = calendar.add_working_days(later, -count)
    assert earlier <= day
    assert calendar.add_working_days(earlier, count) == later
