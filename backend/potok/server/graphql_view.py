"""GraphQL over HTTP POST and websocket: origin check, one transaction per request, news after the commit."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from cross_web import HTTPException
from starlette.requests import HTTPConnection
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse
from strawberry.http.websocket_origin import is_same_origin, normalize_origin
from strawberry.schema.base import BaseSchema
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult

from potok.announce import take_announced
from potok.request import Request
from potok.server.context import Parts, open_connection, open_request
from potok.server.errors import is_away, unavailable
from potok.server.middleware import ErrorAnswer, Receive, Scope, Send

Announce = Callable[[list[object], UUID | None], Awaitable[None]]
"""Tells the house what was committed, and for which workspace."""
_KEPT = "potok.request"


class GraphQLView(GraphQL[Request, None]):
    """The ASGI application behind /graphql."""

    def __init__(self, schema: BaseSchema, parts: Callable[[], Parts], announce: Announce) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=10),
            max_subscriptions_per_connection=20,
        )
        self._parts = parts
        self._announce = announce

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one websocket; whatever happens, the session is closed."""
        try:
            await super().__call__(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http" or not is_away(error):
                raise
            await ErrorAnswer(503, "unavailable")(scope, receive, send)
        finally:
            kept: Request | None = scope.get(_KEPT)
            if kept is not None and kept.session is not None:
                await kept.session.close()

    async def get_context(self, request: HttpRequest | WebSocket, response: Response | WebSocket) -> Request:
        """Check where the call comes from, then who makes it."""
        if isinstance(response, Response):
            if not may_come_from(request, self._parts().settings.public_url):
                raise HTTPException(403, "This page may not call Potok: it belongs to another site.")
            request.scope[_KEPT] = await open_request(self._parts(), request, response)
        else:
            request.scope[_KEPT] = await open_connection(self._parts(), request)
        kept: Request = request.scope[_KEPT]
        return kept

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Asked for other origins than the one addressed: only the configured public one is ours too."""
        return _is_public(origin, self._parts().settings.public_url)

    async def on_ws_connect(self, context: Request) -> dict[str, object]:
        """Nothing is subscribed to without being known; the socket closes with 4403."""
        if context.caller is None:
            raise ConnectionRejectionError
        return {}  # an empty payload; null would be refused by browsers' clients

    async def execute_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Run it, then commit; an answer is never sent before its transaction is on disk."""
        result = await super().execute_operation(*args, **kwargs)
        context: Request = kwargs["context"]
        assert context.session is not None
        if not isinstance(result, ExecutionResult):
            raise HTTPException(400, "Subscriptions are served over the websocket.")
        if result.errors:
            await context.session.rollback()
            return result
        try:
            await context.session.commit()
        except Exception as error:
            if not is_away(error):
                raise
            return ExecutionResult(data=None, errors=[unavailable(context.locale, cause=error)])
        workspace = context.caller.workspace_id if context.caller is not None else None
        await self._announce(take_announced(context.session), workspace)
        return result

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """A database that is away is also said by the status, for callers that only look at that."""
        response = super().create_response(response_data, sub_response)
        if isinstance(response_data, dict) and any(map(_is_unavailable, response_data.get("errors") or [])):
            response.status_code = 503
            response.headers["retry-after"] = "2"
        response.headers["cache-control"] = "no-store"
        return response


def _is_unavailable(error: Any) -> bool:
    return bool((error.get("extensions") or {}).get("code") == "unavailable")


def may_come_from(request: HTTPConnection, public_url: str) -> bool:
    """Whether the browser says that one of our own pages sends this. Programs with a key say nothing, and may.

    It also holds without a cookie: signing somebody in from another site would be a way to spy on them.
    """
    headers = request.headers
    if "authorization" in headers:
        return True
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") in (None, "same-origin", "none")
    return is_same_origin(origin, headers.get("host")) or _is_public(origin, public_url)


def _is_public(origin: str, public_url: str) -> bool:
    found = normalize_origin(origin)
    return bool(public_url) and found is not None and found == normalize_origin(public_url)
