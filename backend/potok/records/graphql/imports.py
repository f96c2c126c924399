"""Imports as the API shows them, and what may be done to them. Files come by `POST /records/import`."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from potok.gql import DonePayload, Info, Problem, all_told, mutation, query, read_id, told
from potok.people.service import Permission
from potok.problems import Problem as Trouble
from potok.problems import Refused, refuse
from potok.records.models_imports import RecordImport as Row
from potok.records.service import imports as service

MOST_LISTED = 50


@strawberry.enum
class RecordImportState(Enum):
    """How far an import is."""

    READY = "ready"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


@strawberry.enum
class RecordImportMode(Enum):
    """What happens to a row about a record that is there already."""

    SKIP = "skip"
    UPDATE = "update"
    ADD = "add"


@strawberry.type
class RecordImportColumn:
    """A column of the file. `field`: the key of the field it fills, as chosen or guessed."""

    index: int
    name: str
    samples: list[str]
    field: str | None


@strawberry.type
class RecordImportProblem:
    """Why a row is not taken. `row`: as a spreadsheet numbers it; `column`: empty when no column is to blame."""

    row: int
    column: str
    problem: Problem


@strawberry.type
class RecordImportReport:
    """What became, or would become, of the rows: counts, and the first problems."""

    created: int
    updated: int
    same: int
    skipped: int
    failed: int
    problems: list[RecordImportProblem]


@strawberry.type
class RecordImportUndo:
    """What was taken back. `kept`: records of which something stays, because somebody changed it since."""

    removed: int
    restored: int
    kept: int


@strawberry.type
class RecordImport:
    """A file somebody brought."""

    row: strawberry.Private[Row]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """Its id."""
        return strawberry.ID(str(self.row.id))

    @strawberry.field
    def state(self) -> RecordImportState:
        """How far it is."""
        return RecordImportState(self.row.state)

    @strawberry.field
    def file(self) -> str:
        """Name of the file."""
        return self.row.file

    @strawberry.field
    def kind(self) -> str:
        """csv or xlsx."""
        return str(self.row.source["kind"])

    @strawberry.field
    def encoding(self) -> str | None:
        """Of a CSV file, as found."""
        return str(self.row.source["encoding"]) if "encoding" in self.row.source else None

    @strawberry.field
    def delimiter(self) -> str | None:
        """Of a CSV file, as found."""
        return str(self.row.source["delimiter"]) if "delimiter" in self.row.source else None

    @strawberry.field
    def rows(self) -> int:
        """Rows below the header."""
        return self.row.rows

    @strawberry.field
    def progress(self) -> float:
        """How much of what the state says is through, 0 to 1."""
        return self.row.position / self.row.parts if self.row.parts else 0.0

    @strawberry.field
    def columns(self) -> list[RecordImportColumn]:
        """What the file has."""
        chosen = self.row.plan["columns"]
        return [
            RecordImportColumn(
                index=place, name=one["name"], samples=list(one["samples"]), field=chosen.get(str(place)) or None
            )
            for place, one in enumerate(self.row.columns)
        ]

    @strawberry.field
    def match(self) -> list[str]:
        """Keys of the fields records are recognised by."""
        return list(self.row.plan["match"])

    @strawberry.field
    def mode(self) -> RecordImportMode:
        """What happens to those that are recognised."""
        return RecordImportMode(self.row.plan["mode"])

    @strawberry.field
    def report(self, info: Info) -> RecordImportReport:
        """So far: of the try, then of the import."""
        report = self.row.report
        counts = {name: report.get(name, 0) for name in ("created", "updated", "same", "skipped", "failed")}
        problems = [
            RecordImportProblem(row=one["row"], column=one["column"], problem=_told(one, info))
            for one in report.get("problems", ())
        ]
        return RecordImportReport(**counts, problems=problems)

    @strawberry.field
    def undo(self) -> RecordImportUndo | None:
        """So far, of taking it back."""
        counts = self.row.report.get("undo")
        if counts is None:
            return None
        return RecordImportUndo(**{name: counts.get(name, 0) for name in ("removed", "restored", "kept")})

    @strawberry.field
    def problem(self, info: Info) -> Problem | None:
        """Why it failed."""
        found = self.row.report.get("problem")
        return _told(found, info) if found is not None else None

    @strawberry.field
    def created_at(self) -> datetime:
        """When the file came."""
        return self.row.created_at


@strawberry.type
class RecordImportPayload:
    """The import, or what is wrong."""

    record_import: RecordImport | None
    problems: list[Problem]


@strawberry.input
class RecordImportColumnInput:
    """Which field a column fills."""

    index: int
    field: str


@strawberry.type
class ImportsQuery:
    """Root fields of imports."""

    @query(Permission.WORK)
    async def record_import(self, info: Info, id: strawberry.ID) -> RecordImport | None:
        """One import, with its progress."""
        import_id = read_id(id)
        if import_id is None:
            return None
        async with info.context.db() as db:
            try:
                return RecordImport(row=await service.get_import(db, info.context.who, import_id))
            except Refused:
                return None

    @query(Permission.WORK)
    async def record_imports(self, info: Info, type: str, first: int = 20) -> list[RecordImport]:
        """The newest imports into a type."""
        async with info.context.db() as db:
            rows = await service.list_imports(db, info.context.who, type, max(1, min(first, MOST_LISTED)))
        return [RecordImport(row=row) for row in rows]


@strawberry.type
class ImportsMutation:
    """Mutations of imports."""

    @mutation(Permission.WORK)
    async def check_record_import(
        self,
        info: Info,
        id: strawberry.ID,
        columns: list[RecordImportColumnInput],
        match: list[str],
        mode: RecordImportMode,
    ) -> RecordImportPayload:
        """Say what the file means and try it: nothing is written, the report tells what would be."""
        chosen = {one.index: one.field for one in columns}
        return await _change(
            info, id, lambda db, found: service.check(db, info.context.who, found, chosen, match, mode.value)
        )

    @mutation(Permission.WORK)
    async def run_record_import(self, info: Info, id: strawberry.ID) -> RecordImportPayload:
        """Begin to write what has been tried."""
        return await _change(info, id, lambda db, found: service.start(db, info.context.who, found))

    @mutation(Permission.WORK)
    async def undo_record_import(self, info: Info, id: strawberry.ID) -> RecordImportPayload:
        """Begin to take back what it did."""
        return await _change(info, id, lambda db, found: service.undo(db, info.context.who, found))

    @mutation(Permission.WORK)
    async def discard_record_import(self, info: Info, id: strawberry.ID) -> DonePayload:
        """Forget a file that has not been imported."""
        request = info.context
        try:
            async with request.change() as db:
                await service.discard(db, request.who, _id(id))
        except Refused as refused:
            return DonePayload(done=False, problems=all_told(refused, request))
        return DonePayload(done=True, problems=[])


async def _change(
    info: Info, id: strawberry.ID, change: Callable[[AsyncSession, Any], Awaitable[Row]]
) -> RecordImportPayload:
    request = info.context
    try:
        async with request.change() as db:
            row = await change(db, _id(id))
    except Refused as refused:
        return RecordImportPayload(record_import=None, problems=all_told(refused, request))
    return RecordImportPayload(record_import=RecordImport(row=row), problems=[])


def _id(value: str) -> Any:
    found = read_id(value)
    if found is None:
        raise refuse("record.import.not_found", "id")
    return found


def _told(stored: Mapping[str, Any], info: Info) -> Problem:
    return told(Trouble(stored["code"], stored["params"], (stored.get("field", ""),)), info.context)
