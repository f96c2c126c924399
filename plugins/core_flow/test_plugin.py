"""Wait and the two ends."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from potok.sdk import Stop, UserError, WorkingWait
from potok.sdk.testing import START, fake_calendars, fake_clock, load_nodes, run_node

NODES = load_nodes(Path(__file__).parent)
WAIT = NODES["flow.wait"]


async def test_wait_for_a_time() -> None:
    ran = await run_node(WAIT, {"duration": {"amount": 2, "unit": "hours"}})
    assert ran.wait is not None
    assert ran.wait.until == START + timedelta(hours=2)
    assert ran.output == {"until": "2026-01-05T11:00:00+00:00"}


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2026-02-01T10:00:00+03:00", datetime(2026, 2, 1, 7, tzinfo=UTC)),
        ("2026-02-01T10:00:00", datetime(2026, 2, 1, 10, tzinfo=UTC)),
        ("2026-02-01", datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
async def test_wait_until_a_date(until: str, moment: datetime) -> None:
    ran = await run_node(WAIT, {"mode": "until", "until": until})
    assert ran.wait is not None
    assert ran.wait.until == moment


async def test_a_moment_that_is_over_holds_nothing_back() -> None:
    for params in ({"mode": "until", "until": "2020-01-01"}, {"duration": {"amount": 0, "unit": "days"}}):
        ran = await run_node(WAIT, params)
        assert ran.wait is None
        assert ran.output["until"]


@pytest.mark.parametrize(("params", "code"), [({}, "no_duration"), ({"mode": "until"}, "no_date")])
async def test_a_wait_without_an_end_is_a_users_error(params: dict[str, str], code: str) -> None:
    with pytest.raises(UserError) as caught:
        await run_node(WAIT, params)
    assert caught.value.code == code


async def test_working_time_passes_only_at_work() -> None:
    friday = fake_clock(datetime(2026, 1, 9, 16, tzinfo=UTC))
    params = {"mode": "working", "duration": {"amount": 4, "unit": "hours"}}
    ran = await run_node(WAIT, params, clock=friday)
    assert ran.wait is not None
    assert ran.wait.until == datetime(2026, 1, 12, 11, tzinfo=UTC)
    assert ran.wait.working == WorkingWait(friday(), timedelta(hours=4))
    assert ran.output == {"until": "2026-01-12T11:00:00+00:00"}


async def test_days_are_working_days_to_the_same_time_of_day() -> None:
    friday = fake_clock(datetime(2026, 1, 9, 16, tzinfo=UTC))
    ran = await run_node(WAIT, {"mode": "working", "duration": {"amount": 2, "unit": "days"}}, clock=friday)
    assert ran.wait is not None
    assert ran.wait.until == datetime(2026, 1, 13, 16, tzinfo=UTC)


async def test_until_it_is_working_time_goes_on_at_once_while_it_is() -> None:
    assert (await run_node(WAIT, {"mode": "working_until"})).wait is None
    night = fake_clock(datetime(2026, 1, 9, 22, tzinfo=UTC))
    monday_off = fake_calendars(date(2026, 1, 12))
    ran = await run_node(WAIT, {"mode": "working_until"}, clock=night, calendars=monday_off)
    assert ran.wait is not None
    assert ran.wait.until == datetime(2026, 1, 13, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"mode": "working_until", "calendar": "gone"}, "no_calendar"),
        ({"mode": "working", "duration": {"amount": 30_000, "unit": "days"}}, "no_working_time"),
        ({"mode": "working", "duration": {"amount": 1.5, "unit": "days"}}, "whole_days"),
        ({"mode": "working"}, "no_duration"),
    ],
)
async def test_working_time_that_cannot_be_reckoned_is_a_users_error(params: dict[str, str], code: str) -> None:
    with pytest.raises(UserError) as caught:
        await run_node(WAIT, params)
    assert caught.value.code == code


async def test_the_two_ends() -> None:
    ran = await run_node(NODES["flow.succeed"], {"name": "Paid", "result": {"ok": True}})
    assert ran.stop == Stop(True, "Paid", "", {"ok": True})
    ran = await run_node(NODES["flow.fail"], {"message": "No stock"})
    assert ran.stop == Stop(False, "", "No stock", None)


def test_the_engine_itself_runs_join_and_loop() -> None:
    loop, join = NODES["flow.loop"], NODES["flow.join"]
    assert ([port.id for port in loop.ports], loop.control, loop.call) == (["item", "done"], "loop", None)
    assert ([port.id for port in join.ports], join.control, join.call) == (["out"], "join", None)


@pytest.mark.parametrize("concurrency", [0, 51])
def test_a_loop_takes_one_to_fifty_items_at_a_time(concurrency: int) -> None:
    with pytest.raises(ValueError, match="concurrency"):
        NODES["flow.loop"].input.model_validate({"items": [], "concurrency": concurrency})
