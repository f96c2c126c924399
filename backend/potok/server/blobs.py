"""GET /blobs/{run or event}/{hash}: a large value of the history as a file.

Rule: signed in (or by key), allowed to see runs, and the run or event is one of the caller's workspace; everything
else is "not found". What people sent is never shown as a page: it comes as an attachment, as bytes, under a policy
that allows nothing, and only to requests of Potok's own pages.
"""

from collections.abc import Callable
from uuid import UUID

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from potok.people.service import Permission
from potok.runs.service import find_blob
from potok.server.context import Parts, open_request
from potok.server.errors import is_away
from potok.server.middleware import ErrorAnswer, Receive, Scope, Send

PATH = "/blobs/{owner}/{sha}"
RULE = Permission.SEE
_HEADERS = {
    "content-disposition": 'attachment; filename="value.json"',
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-store",
}


class BlobView:
    """The ASGI application behind the path."""

    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = HttpRequest(scope, receive, send)
        if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            await ErrorAnswer(403, "forbidden")(scope, receive, send)
            return
        try:
            raw = await self._find(request)
        except PermissionError as refusal:
            code = str(refusal)
            await ErrorAnswer(401 if code == "unauthenticated" else 403, code)(scope, receive, send)
            return
        except Exception as error:
            if not is_away(error):
                raise
            await ErrorAnswer(503, "unavailable")(scope, receive, send)
            return
        if raw is None:
            await ErrorAnswer(404, "not_found")(scope, receive, send)
            return
        # Not application/json, which some browsers draw: bytes are only ever saved.
        answer = Response(raw, media_type="application/octet-stream", headers=_HEADERS)
        await answer(scope, receive, send)

    async def _find(self, request: HttpRequest) -> bytes | None:
        """The value, if there is one for this caller. Raises PermissionError with the code."""
        asked = await open_request(self._parts(), request, Response())
        assert asked.session is not None
        try:
            if asked.caller is None:
                raise PermissionError("unauthenticated")
            if not asked.caller.may(RULE):
                raise PermissionError("forbidden")
            try:
                owner = UUID(request.path_params["owner"])
            except ValueError:
                return None
            return await find_blob(asked.session, asked.caller, owner, request.path_params["sha"])
        finally:
            await asked.session.close()
