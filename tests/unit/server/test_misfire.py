"""What becomes of schedule moments that passed during a downtime."""

from datetime import UTC, datetime, timedelta

import pytest

from potok.server.misfire import MOST, judge

HOUR = timedelta(hours=1)
FIRST = datetime(2026, 11, 24, 9, tzinfo=UTC)


def hourly(after: datetime) -> datetime:
    """Every full hour."""
    return after.replace(minute=0, second=0, microsecond=0) + HOUR


def at(hours: int) -> datetime:
    return FIRST + hours * HOUR


@pytest.mark.parametrize(
    ("policy", "fires", "missed", "following"),
    [
        ("run_once", True, [(at(n), "merged") for n in range(1, 5)], at(5)),
        ("run_all", True, [], at(1)),
        ("skip", False, [(at(n), "late") for n in range(1, 5)], at(5)),
    ],
)
def test_a_downtime_over_five_moments_follows_the_policy(
    policy: str, fires: bool, missed: list[tuple[datetime, str]], following: datetime
) -> None:
    verdict = judge(policy, FIRST, at(4) + HOUR / 2, hourly)
    assert (verdict.fires, list(verdict.missed), verdict.next_at) == (fires, missed, following)


def test_run_all_comes_to_the_future_after_as_many_firings_as_there_were_moments() -> None:
    now, moment, fired = at(4) + HOUR / 2, FIRST, 0
    while moment <= now:
        verdict = judge("run_all", moment, now, hourly)
        fired += verdict.fires
        assert verdict.next_at is not None
        moment = verdict.next_at
    assert (fired, moment) == (5, at(5))


def test_skip_lets_a_moment_fire_that_is_hardly_late() -> None:
    verdict = judge("skip", FIRST, at(2) + timedelta(seconds=30), hourly)
    assert (verdict.fires, verdict.missed) == (False, ((at(1), "late"),))
    assert verdict.next_at == at(2), "only half a minute late: it fires as soon as it is looked at"
    assert judge("skip", at(2), at(2) + timedelta(seconds=30), hourly).fires


@pytest.mark.parametrize("policy", ["run_once", "run_all", "skip"])
def test_a_punctual_moment_fires_under_every_policy(policy: str) -> None:
    verdict = judge(policy, FIRST, FIRST + timedelta(milliseconds=20), hourly)
    assert verdict == (True, (), at(1))


def test_a_very_long_downtime_keeps_a_bounded_list_that_says_so() -> None:
    verdict = judge("skip", FIRST, at(5_000) + HOUR / 2, hourly)
    assert len(verdict.missed) == MOST
    assert verdict.missed[-1][1] == "and_more"
    assert verdict.next_at == at(5_001)


def test_a_schedule_that_ends_plans_nothing_more() -> None:
    assert judge("run_once", FIRST, at(3), lambda _: None) == (True, (), None)
