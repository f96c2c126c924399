"""How long history is kept: set and seen by admins only, taken at its word, written in the audit log."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.house import Api, House, Place
from tests.rooms.test_audit import entries
from uuid_utils.compat import uuid7

from potok.runs.weeks import border

SEE = "{ retention { days maxRuns maxMegabytes overflowing tables { name bytes } } }"
SET = """mutation($input: RetentionInput!) { setRetention(input: $input) {
  retention { days maxRuns maxMegabytes } problems { code path message fix } } }"""
PREVIEW = "query($input: RetentionInput!) { retentionPreview(input: $input) { runs open before } }"


async def old_runs(db: AsyncSession, place: Place, count: int, days: int, status: str = "succeeded") -> None:
    """Runs of a workspace as they were made so many days ago."""
    moment = datetime.now(UTC) - timedelta(days=days)
    for number in range(count):
        run_id = border(moment + timedelta(milliseconds=number)).int + (uuid7().int & ((1 << 80) - 1))
        await db.execute(
            text(
                "INSERT INTO run (id, workspace_id, scenario_id, version_id, event_id, entry_node, status, steps,"
                " created_at) VALUES (CAST(:id AS uuid), :w, :w, :w, CAST(:id AS uuid), 'hook', :status, 0, :at)"
            ),
            {"id": f"{run_id:032x}", "w": place.id, "status": status, "at": moment},
        )
    await db.commit()


async def test_only_admins_see_and_set_how_long_history_is_kept(nobody: Api, viewer: Api, builder: Api) -> None:
    assert await nobody.refused(SEE) == "unauthenticated"
    for somebody in (viewer, builder):
        assert await somebody.refused(SEE) == "forbidden"
        assert await somebody.refused(SET, input={"days": 5}) == "forbidden"
        assert await somebody.refused(PREVIEW, input={"days": 5}) == "forbidden"


async def test_history_is_kept_ninety_days_until_an_admin_says_otherwise_and_it_is_written_down(
    owner: Api, stranger: Api, place: Place, db: AsyncSession
) -> None:
    seen = (await owner(SEE))["retention"]
    assert (seen["days"], seen["maxRuns"], seen["maxMegabytes"], seen["overflowing"]) == (90, None, None, False)
    assert {one["name"] for one in seen["tables"]} == {"event", "run", "journal_segment", "effect"}
    assert all(one["bytes"] > 0 for one in seen["tables"])
    wanted = {"days": 30, "maxRuns": 1000, "maxMegabytes": 5_000_000}
    answer = (await owner(SET, input=wanted))["setRetention"]
    assert answer == {"retention": wanted, "problems": []}
    seen = (await owner(SEE))["retention"]
    assert {name: seen[name] for name in wanted} == wanted
    assert (await stranger(SEE))["retention"]["days"] == 90
    last = (await entries(db, place))[-1]
    assert last.action == "retention_set"
    assert last.details == {"days": 30, "max_runs": 1000, "max_bytes": 5_000_000_000_000}
    nothing = (await owner(SET, input={}))["setRetention"]["retention"]
    assert nothing == {"days": None, "maxRuns": None, "maxMegabytes": None}


@pytest.mark.parametrize("wrong", [{"days": 0}, {"maxRuns": -1}, {"maxMegabytes": 0}, {"days": 100_000}])
async def test_a_limit_nobody_can_mean_is_refused_at_its_field(owner: Api, wrong: dict[str, int]) -> None:
    [problem] = (await owner(SET, input=wrong))["setRetention"]["problems"]
    assert problem["code"] == "retention_out_of_range"
    assert problem["path"] == ["input", *wrong]
    assert problem["fix"]
    assert await owner.refused(PREVIEW, input=wrong) == "retention_out_of_range"
    assert (await owner(SEE))["retention"]["days"] == 90


async def test_the_preview_counts_what_would_go_of_this_workspace_and_changes_nothing(
    owner: Api, place: Place, other: Place, db: AsyncSession
) -> None:
    await old_runs(db, place, 3, days=200)
    await old_runs(db, place, 1, days=200, status="waiting")
    await old_runs(db, place, 2, days=50)
    await old_runs(db, other, 4, days=200)

    async def would_go(**limits: int) -> tuple[int, int, Any]:
        told = (await owner(PREVIEW, input=limits))["retentionPreview"]
        return told["runs"], told["open"], told["before"]

    runs, open_, before = await would_go(days=90)
    assert (runs, open_) == (3, 1)
    age = datetime.now(UTC) - datetime.fromisoformat(before)
    assert timedelta(days=90) <= age < timedelta(days=98)
    assert (await would_go(maxRuns=1))[0] == 4
    assert await would_go() == (0, 0, None)
    assert (await would_go(days=90))[0] == 3


async def test_runs_dated_beyond_the_weeks_that_were_made_are_an_alarm_for_admins_and_monitors(
    house: House, owner: Api, place: Place, db: AsyncSession
) -> None:
    async def alarm() -> tuple[bool, str | None]:
        async with house.client() as client:
            ready = await client.get("/readyz")
        assert ready.status_code == 200  # everything works all the same
        return (await owner(SEE))["retention"]["overflowing"], ready.json().get("history")

    assert await alarm() == (False, None)
    await old_runs(db, place, 1, days=-60)
    try:
        assert await alarm() == (True, "overflowing")
    finally:
        await db.execute(text("DELETE FROM run WHERE workspace_id = :place"), {"place": place.id})
        await db.commit()
    assert await alarm() == (False, None)
