"""When a schedule fires next."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from potok.sdk.testing import load_nodes

FIRED = load_nodes(Path(__file__).parent)["schedule.fired"]


def settings_of(**schedule: Any) -> Any:
    return FIRED.input.model_validate({"schedule": schedule})


def next_of(after: str, **schedule: Any) -> str | None:
    assert FIRED.next_fire is not None
    found = FIRED.next_fire(settings_of(**schedule), datetime.fromisoformat(after).replace(tzinfo=UTC))
    return found.strftime("%Y-%m-%d %H:%M") if found is not None else None


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        ({"every": "day", "at": "09:00"}, "2026-01-05 08:59", "2026-01-05 09:00"),
        ({"every": "day", "at": "09:00"}, "2026-01-05 09:00", "2026-01-06 09:00"),
        ({"every": "day", "at": "00:30", "timezone": "Europe/Moscow"}, "2026-01-05 21:29", "2026-01-05 21:30"),
        ({"every": "day", "interval": 3}, "2026-01-05 10:00", "2026-01-08 09:00"),
        ({"every": "weekdays", "at": "18:00"}, "2026-01-02 18:00", "2026-01-05 18:00"),
        ({"every": "week", "weekdays": [1, 5]}, "2026-01-05 09:00", "2026-01-09 09:00"),
        ({"every": "week", "weekdays": [7], "interval": 2}, "2026-01-05 09:00", "2026-01-18 09:00"),
        ({"every": "month", "day": 31}, "2026-02-01 00:00", "2026-02-28 09:00"),
        ({"every": "month", "day": "last"}, "2028-02-28 10:00", "2028-02-29 09:00"),
        ({"every": "month", "day": 1, "interval": 3}, "2026-01-01 09:00", "2026-04-01 09:00"),
        ({"every": "minutes", "interval": 15, "at": "00:00"}, "2026-01-05 10:07", "2026-01-05 10:15"),
        ({"every": "hours", "interval": 6, "at": "00:10"}, "2026-01-05 10:07", "2026-01-05 12:10"),
        ({"every": "cron", "cron": "*/10 9 * * 1-5"}, "2026-01-02 09:50", "2026-01-05 09:00"),
        (
            {"every": "cron", "cron": "0 9 * * *", "timezone": "Europe/Moscow"},
            "2026-01-05 06:00",
            "2026-01-06 06:00",
        ),
    ],
)
def test_the_next_moment(schedule: dict[str, Any], after: str, expected: str | None) -> None:
    assert next_of(after, **schedule) == expected


@pytest.mark.parametrize("kind", [{"every": "day", "at": "02:30"}, {"every": "cron", "cron": "30 2 * * *"}])
def test_an_hour_the_clocks_skip_fires_at_the_first_moment_after(kind: dict[str, Any]) -> None:
    zone = {"timezone": "Europe/Berlin"}  # 2026-03-29: 02:00 becomes 03:00, that is 01:00 UTC
    assert next_of("2026-03-28 12:00", **kind, **zone) == "2026-03-29 01:00"
    assert next_of("2026-03-29 01:00", **kind, **zone) == "2026-03-30 00:30"


@pytest.mark.parametrize("kind", [{"every": "day", "at": "02:30"}, {"every": "cron", "cron": "30 2 * * *"}])
def test_an_hour_that_comes_twice_fires_once(kind: dict[str, Any]) -> None:
    zone = {"timezone": "Europe/Berlin"}  # 2026-10-25: 03:00 becomes 02:00, that is 01:00 UTC
    assert next_of("2026-10-24 12:00", **kind, **zone) == "2026-10-25 00:30"
    assert next_of("2026-10-25 00:30", **kind, **zone) == "2026-10-26 01:30"


@pytest.mark.parametrize("kind", [{"every": "day", "at": "02:30"}, {"every": "cron", "cron": "30 2 * * *"}])
@pytest.mark.parametrize("around", ["2026-03-28", "2026-10-24"])
def test_where_clocks_never_change_every_day_has_the_same_length(kind: dict[str, Any], around: str) -> None:
    zone = {"timezone": "Europe/Moscow"}  # on the days on which Berlin changes its clocks
    first = next_of(f"{around} 12:00", **kind, **zone)
    assert first == f"{around} 23:30"
    second = next_of(first, **kind, **zone)
    assert second is not None
    assert datetime.fromisoformat(second) - datetime.fromisoformat(first) == timedelta(days=1)


def test_a_day_that_a_country_skipped_fires_once_at_the_end_of_the_gap() -> None:
    samoa = {"every": "day", "at": "09:00", "timezone": "Pacific/Apia"}  # there was no 2011-12-30
    assert next_of("2011-12-29 20:00", **samoa) == "2011-12-30 10:00"
    assert next_of("2011-12-30 10:00", **samoa) == "2011-12-30 19:00"


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        ({"timezone": "Mars/Base"}, "unknown_time_zone"),
        ({"timezone": "../../etc/passwd"}, "unknown_time_zone"),
        ({"timezone": ""}, "unknown_time_zone"),
        ({"every": "cron", "cron": ""}, "bad_cron"),
        ({"every": "cron", "cron": "61 * * * *"}, "bad_cron"),
        ({"every": "cron", "cron": "0 0 30 2 *"}, "bad_cron"),
        ({"every": "week", "weekdays": []}, "no_weekday"),
        ({"at": "25:00"}, "string_pattern_mismatch"),
        ({"interval": 0}, "greater_than_equal"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(schedule: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings_of(**schedule)
    assert caught.value.errors()[0]["type"] == code


ZONES = [
    "UTC",
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
]
SCHEDULES = st.fixed_dictionaries(
    {
        "every": st.sampled_from(["minutes", "hours", "day", "weekdays", "week", "month", "cron"]),
        "interval": st.integers(1, 40),
        "at": st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59)),
        "weekdays": st.lists(st.integers(1, 7), min_size=1, max_size=4),
        "day": st.integers(1, 31) | st.just("last"),
        "cron": st.sampled_from(["*/7 * * * *", "30 2 * * *", "0 0 1 * *", "15 3 * * 0", "5 1-3 * * *"]),
        "timezone": st.sampled_from(ZONES),
    }
)
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # made aware by the strategy


@settings(max_examples=300, deadline=None)
@given(SCHEDULES, MOMENTS)
def test_moments_go_strictly_forward_and_skip_none(schedule: dict[str, Any], after: datetime) -> None:
    assert FIRED.next_fire is not None
    params = settings_of(**schedule)
    first = FIRED.next_fire(params, after)
    assert first is not None
    assert first > after
    assert first.utcoffset() == timedelta(0)
    between = after + (first - after) / 2
    assert FIRED.next_fire(params, between) == first, "asking later, but before it, gives the same moment"
    second = FIRED.next_fire(params, first)
    assert second is not None
    assert second > first


@settings(max_examples=200, deadline=None)
@given(SCHEDULES.filter(lambda one: one["every"] in ("day", "weekdays", "week", "month")), MOMENTS)
def test_a_wall_clock_schedule_shows_its_time_except_after_a_gap(
    schedule: dict[str, Any], after: datetime
) -> None:
    assert FIRED.next_fire is not None
    found = FIRED.next_fire(settings_of(**schedule), after)
    assert found is not None
    local = found.astimezone(ZoneInfo(schedule["timezone"]))
    if local.strftime("%H:%M") != schedule["at"]:
        before = (found - timedelta(seconds=1)).astimezone(local.tzinfo)
        assert before.utcoffset() != local.utcoffset(), "only the end of a gap may show another time"
    assert local.fold == 0, "of an hour that comes twice, the first"
