"""How long history is kept, as admins see and set it."""

from datetime import UTC, datetime

import strawberry

from potok.gql import Info, Problem, all_told, mutation, query
from potok.people.service import Permission
from potok.problems import Refused
from potok.runs import service
from potok.runs.service import Limits
from potok.runs.weeks import FIRST, moment_of

_MEGABYTE = 1_000_000


@strawberry.type
class HistoryTable:
    """What one table of the history takes on disk, for all workspaces together."""

    name: str
    bytes: float


@strawberry.type
class Retention:
    """How long this workspace keeps its runs, with their data; null: no limit of this kind."""

    limits: strawberry.Private[Limits]

    @strawberry.field
    def days(self) -> int | None:
        """Days a run is kept at least; it goes with its week, so a week later at most."""
        return self.limits.days

    @strawberry.field
    def max_runs(self) -> int | None:
        """The newest so many are kept."""
        return self.limits.max_runs

    @strawberry.field
    def max_megabytes(self) -> int | None:
        """The newest that fit into so many megabytes are kept."""
        return None if self.limits.max_bytes is None else self.limits.max_bytes // _MEGABYTE

    @strawberry.field
    async def tables(self, info: Info) -> list[HistoryTable]:
        """What the history takes on disk now."""
        async with info.context.db() as db:
            return [HistoryTable(name=one.table, bytes=one.bytes) for one in await service.history_sizes(db)]

    @strawberry.field
    async def overflowing(self, info: Info) -> bool:
        """Whether runs stand beyond the weeks made for them: a clock is ahead, or no worker has run for long."""
        async with info.context.db() as db:
            return await service.overflowing(db)


@strawberry.type
class RetentionPreview:
    """What pruning with some limits would do now."""

    runs: int
    """Runs that would go."""
    open: int
    """Runs that are old and stay, as they have not ended."""
    before: datetime | None
    """Older ones go; null: none do."""


@strawberry.input
class RetentionInput:
    """How long to keep runs; null: no limit of this kind."""

    days: int | None = None
    max_runs: int | None = None
    max_megabytes: int | None = None


@strawberry.type
class RetentionPayload:
    """The limits as they are now, or why they were not taken."""

    retention: Retention | None
    problems: list[Problem]


@strawberry.type
class RetentionQuery:
    """Retention, for admins."""

    @query(Permission.ADMINISTER)
    async def retention(self, info: Info) -> Retention:
        """How long history is kept, and what it takes."""
        async with info.context.db() as db:
            return Retention(limits=await service.limits_of(db, info.context.who.workspace_id))

    @query(Permission.ADMINISTER)
    async def retention_preview(self, info: Info, input: RetentionInput) -> RetentionPreview:
        """What would go with these limits. Nothing is changed."""
        wanted = _limits(input)
        service.check_limits(wanted)
        async with info.context.db() as db:
            found = await service.preview(db, info.context.who.workspace_id, wanted, datetime.now(UTC))
        before = moment_of(found.border) if found.border > FIRST else None
        return RetentionPreview(runs=found.runs, open=found.open, before=before)


@strawberry.type
class RetentionMutation:
    """Mutations of retention."""

    @mutation(Permission.ADMINISTER)
    async def set_retention(self, info: Info, input: RetentionInput) -> RetentionPayload:
        """Keep history so long from now on; a worker prunes within the hour."""
        request = info.context
        try:
            async with request.change() as db:
                limits = await service.set_retention(db, request.who, _limits(input))
        except Refused as refused:
            return RetentionPayload(retention=None, problems=all_told(refused, request))
        return RetentionPayload(retention=Retention(limits=limits), problems=[])


def _limits(given: RetentionInput) -> Limits:
    size = None if given.max_megabytes is None else given.max_megabytes * _MEGABYTE
    return Limits(given.days, given.max_runs, size)
