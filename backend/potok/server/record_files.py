"""POST /records/import?type=...&name=... (the file as the body) and GET /records/export?type=...

Rules: signed in (or by key); an import needs the right to work with records, an export that to see them; both
work on the caller's own workspace only. Other sites' pages can send neither.
"""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse

from potok.people.service import Caller, Permission
from potok.problems import Refused, refuse
from potok.records.exports.tables import Csv, Table, Xlsx
from potok.records.query import Sort
from potok.records.reading import Wish
from potok.records.service import exports, imports
from potok.server.context import Parts, open_request
from potok.server.errors import is_away
from potok.server.graphql_view import may_come_from
from potok.server.middleware import BodyTooLarge, ErrorAnswer, Receive, Scope, Send, too_large

IMPORT = "/records/import"
EXPORT = "/records/export"
_PATIENCE = 600.0
_AT_ONCE = 2
"""Files that one process lets be read at the same time."""
_KEPT = ("PATH", "LANG", "PYTHONPATH", "TMPDIR", "HOME")
"""Of the environment: a process that reads strangers' files has no need of our secrets."""
_FILE_HEADERS = {"cache-control": "private, no-store", "content-security-policy": "default-src 'none'; sandbox"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, in which language."""

    caller: Caller
    locale: str


class FileView:
    """What both routes share: who may, and how a refusal is answered."""

    rule: Permission

    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = HttpRequest(scope, receive, send)
        answer: Response | ErrorAnswer
        try:
            answer = await self.answer(request, await self._asked(request))
        except PermissionError as refusal:
            answer = ErrorAnswer(401 if str(refusal) == "unauthenticated" else 403, str(refusal))
        except Refused as refused:
            problem = refused.problems[0]
            answer = ErrorAnswer(422, problem.code, **getattr(problem, "params", {}))
        except BodyTooLarge:
            answer = too_large(self._parts().settings.import_bytes)
        except Exception as error:
            if not is_away(error):
                raise
            answer = ErrorAnswer(503, "unavailable")
        await answer(scope, receive, send)

    async def answer(self, request: HttpRequest, asked: Asked) -> Response:
        """Raises Refused."""
        raise NotImplementedError

    async def _asked(self, request: HttpRequest) -> Asked:
        """Raises PermissionError with the code."""
        parts = self._parts()
        if not may_come_from(request, parts.settings.public_url):
            raise PermissionError("forbidden")
        found = await open_request(parts, request, Response())
        assert found.session is not None
        await found.session.close()
        if found.caller is None:
            raise PermissionError("unauthenticated")
        if not found.caller.may(self.rule):
            raise PermissionError("forbidden")
        return Asked(found.caller, found.locale)


class ImportView(FileView):
    """Takes a file: its rows are kept in the database, for the wizard and the worker."""

    rule = Permission.WORK

    def __init__(self, parts: Callable[[], Parts]) -> None:
        super().__init__(parts)
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def answer(self, request: HttpRequest, asked: Asked) -> Response:
        """{"id": of the import}."""
        parts = self._parts()
        type_key = request.query_params.get("type", "")
        name = Path(request.query_params.get("name", "")).name or "table"
        folder = parts.settings.data if parts.settings.data.is_dir() else None
        with tempfile.TemporaryDirectory(prefix="import-", dir=folder) as made:
            source, rows = Path(made) / "source", Path(made) / "rows"
            with source.open("wb") as file:
                async for chunk in request.stream():
                    file.write(chunk)
            async with self._room:
                found = await _convert(source, rows)
            async with parts.open_session() as db, db.begin():
                taken = await imports.take_file(db, asked.caller, type_key, name, found, rows)
        return JSONResponse({"id": str(taken.id)}, status_code=201)


async def _convert(source: Path, rows: Path) -> Any:
    """What `imports.convert` found out in a process of its own. Raises Refused."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "potok.records.imports.convert",
        str(source),
        str(rows),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            said, _ = await process.communicate()
        found = orjson.loads(said)
    except (TimeoutError, orjson.JSONDecodeError):
        raise refuse("record.import.unreadable") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if "problem" in found:
        raise refuse(found["problem"]["code"], **found["problem"]["params"])
    return found


class ExportView(FileView):
    """A list as a file to keep."""

    rule = Permission.SEE

    async def answer(self, request: HttpRequest, asked: Asked) -> Response:
        """The file, while it is being read."""
        open_session = self._parts().open_session
        query = request.query_params
        wish = Wish(_filter(query.get("filter")), _sorts(query.getlist("sort")), query.get("search", ""))
        wanted = exports.Wanted(query.get("type", ""), wish, query.getlist("field"), asked.locale)
        async with open_session() as db:
            await exports.columns_of(db, asked.caller, wanted)
        table = _table(
            query.get("format", "csv"), query.get("delimiter", ";"), query.get("encoding", "utf-8"), wanted
        )
        pieces: AsyncIterator[bytes] = exports.export(open_session, asked.caller, wanted, table)
        name = quote(f"{re.sub('[^a-z0-9_]', '', wanted.type)}.{table.suffix}")
        headers = {**_FILE_HEADERS, "content-disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(pieces, media_type=table.media_type, headers=headers)


def _filter(text: str | None) -> Any:
    if not text:
        return None
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = ()
    if not isinstance(found, dict):
        raise refuse("record.filter_invalid", "filter")
    return found


def _sorts(asked: Sequence[str]) -> list[Sort]:
    """`sort=amount`, or `sort=-amount` for the largest first."""
    return [Sort(one.removeprefix("-"), one.startswith("-")) for one in asked]


def _table(kind: str, delimiter: str, encoding: str, wanted: exports.Wanted) -> Table:
    if kind == "xlsx":
        return Xlsx(wanted.type)
    if kind != "csv" or delimiter not in (";", ",") or encoding not in ("utf-8", "cp1251"):
        raise refuse("record.export.invalid", "format")
    return Csv(delimiter, encoding)
