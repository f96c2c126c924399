"""How long a workspace keeps its history: limits, the border they come to, and what lies behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller, record
from potok.problems import refuse
from potok.runs import repository_retention as repository
from potok.runs.models_retention import Retention
from potok.runs.repository_retention import Size
from potok.runs.weeks import FIRST, border, monday

SETTLED = timedelta(hours=1)
"""What is younger by the database's clock is never pruned, whatever its id says: a clock may be wrong."""
MOST_DAYS = 36_500
MOST = 2**62


@dataclass(frozen=True, slots=True)
class Limits:
    """None: no limit of this kind."""

    days: int | None = 90
    max_runs: int | None = None
    max_bytes: int | None = None


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Preview:
    """What pruning would do now: runs that go, and open ones that stay although they lie behind the border."""

    border: UUID
    runs: int
    open: int


async def limits_of(db: AsyncSession, workspace_id: UUID) -> Limits:
    """The workspace's own, else the usual ones."""
    return _limits(await repository.limit(db, workspace_id))


def _limits(row: Retention | None) -> Limits:
    return DEFAULT if row is None else Limits(row.days, row.max_runs, row.max_bytes)


async def set_retention(db: AsyncSession, caller: Caller, wanted: Limits) -> Limits:
    """Keep the history so long. Raises Refused."""
    check_limits(wanted)
    row = Retention(
        workspace_id=caller.workspace_id,
        days=wanted.days,
        max_runs=wanted.max_runs,
        max_bytes=wanted.max_bytes,
        changed_at=datetime.now(UTC),
    )
    await repository.keep(db, row)
    await record(
        db,
        caller,
        "retention_set",
        subject_id=caller.workspace_id,
        days=wanted.days,
        max_runs=wanted.max_runs,
        max_bytes=wanted.max_bytes,
    )
    return wanted


def check_limits(wanted: Limits) -> None:
    """Raises Refused for a limit that nobody can mean."""
    most = (("days", wanted.days, MOST_DAYS), ("maxRuns", wanted.max_runs, MOST))
    for name, value, highest in (*most, ("maxMegabytes", wanted.max_bytes, MOST)):
        if value is not None and not 1 <= value <= highest:
            raise refuse("retention_out_of_range", "input", name, most=highest)


async def borders(db: AsyncSession, workspace_ids: Sequence[UUID], now: datetime) -> dict[UUID, UUID]:
    """For each workspace the id below which its history goes."""
    rows = await repository.limits(db)
    return {one: await border_of(db, one, _limits(rows.get(one)), now) for one in workspace_ids}


async def border_of(db: AsyncSession, workspace_id: UUID, limits: Limits, now: datetime) -> UUID:
    """The strictest of the limits."""
    found = [FIRST]
    if limits.days is not None:
        found.append(border(monday(now - timedelta(days=limits.days))))  # whole weeks go as files, days as rows
    if limits.max_runs is not None:
        found.append(_above(await repository.nth_newest(db, workspace_id, limits.max_runs)))
    if limits.max_bytes is not None:
        found.append(await _by_bytes(db, workspace_id, limits.max_bytes))
    return max(found)


async def _by_bytes(db: AsyncSession, workspace_id: UUID, room: int) -> UUID:
    """Walk back from the newest partition until the room is used up."""
    kept = 0
    for extent in await repository.extents(db, workspace_id):
        fits = room // max(1, extent.mean)
        if fits < extent.runs:
            return _above(await repository.nth_newest(db, workspace_id, kept + fits))
        kept += extent.runs
        room -= extent.runs * extent.mean
    return FIRST


def _above(run_id: UUID | None) -> UUID:
    """The border that leaves this run behind it."""
    return FIRST if run_id is None else UUID(int=run_id.int + 1)


async def preview(db: AsyncSession, workspace_id: UUID, limits: Limits, now: datetime) -> Preview:
    """What pruning with these limits would do now."""
    found = await border_of(db, workspace_id, limits, now)
    return Preview(found, *await repository.countable(db, workspace_id, found, now - SETTLED))


async def history_sizes(db: AsyncSession) -> list[Size]:
    """What the history takes on disk, by table."""
    return await repository.sizes(db)


async def overflowing(db: AsyncSession) -> bool:
    """Whether rows stand behind the weeks that were made."""
    return await repository.overflowing(db)
