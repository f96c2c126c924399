"""/h/{token}: receives webhooks. A bare ASGI application, since every request of a busy Potok passes here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from potok.engine.outage import WORDS, why
from potok.engine.ports import Accepted, NewEvent, NewRun, PayloadRefused, Store, StoreUnavailable
from potok.engine.values import from_json, to_json
from potok.graph.explain import Stopped
from potok.scenarios.considered import stopped
from potok.scenarios.dispatch import Dispatcher, Target
from potok.server.bodies import Malformed, read_body
from potok.server.ingest import Ingestor, Overloaded
from potok.server.middleware import drain
from potok.server.refusals import Refusals
from potok.server.replies import Ending, Replies
from potok.words import negotiate, say

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PREFIX = "/h/"
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
_LONGEST_KEY = 255
_HIDDEN = "***"


class Answer(NamedTuple):
    """Status, JSON body, further headers."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Problem(Exception):
    """An answer that is an error, with words in the caller's language."""

    def __init__(
        self, status: int, code: str, headers: tuple[tuple[bytes, bytes], ...] = (), **params: Any
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers
        self.params = params


def front(hooks: App, rest: App) -> App:
    """Hooks first, everything else to the web application, whose middleware they thereby skip."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await hooks(scope, receive, send)
        else:
            await rest(scope, receive, send)

    return application


class Hooks:
    """The ASGI application."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        ingestor: Ingestor,
        store: Store,
        replies: Replies,
        *,
        max_body: int,
        reply_timeout: float,
    ) -> None:
        self._dispatcher = dispatcher
        self._ingestor = ingestor
        self._store = store
        self._refusals = Refusals(ingestor)
        self._replies = replies
        self._max_body = max_body
        self._reply_timeout = reply_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            answer = await self._answer(scope, headers, receive)
        except Problem as problem:
            answer = _error(problem, headers)
        except Overloaded as busy:
            answer = _error(_later(busy.retry_after, "overloaded"), headers)
        except StoreUnavailable as error:
            log.warning("a webhook was turned away, the database is away: %s", error)
            answer = _error(_later(2, WORDS[why(error)]), headers)
        except PayloadRefused as refusal:
            answer = _error(Problem(400, "payload_refused", cause=str(refusal)), headers)
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", str(len(answer.body)).encode()),
                    *answer.headers,
                ],
            }
        )
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, headers: dict[str, str], receive: Receive) -> Answer:
        token = scope["path"][len(PREFIX) :]
        target = await self._dispatcher.hook(token) if 0 < len(token) <= 128 and "\0" not in token else None
        if target is None:
            raise Problem(404, "unknown_hook")
        method = scope["method"]
        methods = target.settings.get("methods") or ["POST"]
        if method not in methods:
            allowed = ", ".join(methods)
            raise Problem(405, "wrong_method", ((b"allow", allowed.encode()),), method=method, allowed=allowed)
        body = await self._read(headers, receive)
        payload = _payload(scope, headers, body)
        if stopped_by := target.stopped_by:
            await self._refusals.keep(token, target, payload, stopped_by)
            raise Problem(409, stopped_by)
        if target.start_if is not None:
            stop = target.start_if.stops(from_json(payload), _now)
            if stop is not None:
                return await self._nothing_started(token, target, payload, stop, headers)
        event = _event(token, target, payload, headers)
        if target.settings.get("reply") == "result":
            return await self._with_reply(event)
        return _accepted(await self._ingestor.submit(event))

    async def _read(self, headers: dict[str, str], receive: Receive) -> bytes:
        """The body, refused as soon as it is known to be too large."""
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > self._max_body:
            raise await self._too_large(receive)
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "cut_off")
        body: bytes = message.get("body", b"")
        if not message.get("more_body"):
            if len(body) > self._max_body:
                raise await self._too_large(receive)
            return body
        parts = [body]
        size = len(body)
        while message.get("more_body"):
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Problem(400, "cut_off")
            part = message.get("body", b"")
            size += len(part)
            if size > self._max_body:
                raise await self._too_large(receive)
            parts.append(part)
        return b"".join(parts)

    async def _too_large(self, receive: Receive) -> Problem:
        await drain(receive, 4 * self._max_body)
        # What is still coming must not be read as the next request.
        return Problem(413, "body_too_large", ((b"connection", b"close"),), limit=self._max_body)

    async def _nothing_started(
        self, token: str, target: Target, payload: bytes, stop: Stopped, headers: dict[str, str]
    ) -> Answer:
        """The event is kept with the rules that did not hold; without a dedupe key, as a repeat may start.

        The sender hears that a condition did not hold, not which: it may be a secret of the office.
        """
        considered = to_json([stopped(target.scenario_id, target.node_id, stop.stored())])
        place = (target.scenario_id,)
        accepted = await self._ingestor.submit(
            NewEvent(uuid7(), target.workspace_id, "webhook", token, None, payload, considered, (), place)
        )
        words = say("hooks.nothing_started", negotiate(headers.get("accept-language")))
        said = {"event_id": str(accepted.event_id), "run_ids": [], "started": False, "reason": words.message}
        return Answer(200 if target.settings.get("reply") == "result" else 202, orjson.dumps(said))

    async def _with_reply(self, event: NewEvent) -> Answer:
        """Wait for the run's end; 202 when it takes longer than people may be kept waiting."""
        run_id = event.runs[0].id
        ending = self._replies.expect(run_id)
        try:
            accepted = await self._ingestor.submit(event, self._replies.process)
            if accepted.duplicate:
                return _accepted(accepted)
            await asyncio.wait([ending], timeout=self._reply_timeout)
            ended = await self._replies.whole(ending.result()) if ending.done() else None
            ended = ended or await self._look(run_id)
        finally:
            self._replies.forget(run_id)
        return _ended(accepted, ended)

    async def _look(self, run_id: UUID) -> Ending | None:
        """No word came: perhaps only the message was lost."""
        found = await self._store.ending(run_id)
        return None if found is None else {"status": found.status, "result": found.result, "error": found.error}


def _now() -> datetime:
    return datetime.now(UTC)


def _payload(scope: Scope, headers: dict[str, str], body: bytes) -> bytes:
    try:
        content = read_body(body, headers.get("content-type", ""))
    except Malformed as error:
        raise Problem(400, "malformed_json", where=str(error)) from None
    query = scope["query_string"]
    return orjson.dumps(
        {
            "body": orjson.Fragment(content),
            "query": dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {},
            "headers": {name: _HIDDEN if name in _SECRET_HEADERS else value for name, value in headers.items()},
            "method": scope["method"],
        }
    )


def _event(token: str, target: Target, payload: bytes, headers: dict[str, str]) -> NewEvent:
    assert target.version_id is not None
    given = headers.get("webhook-id") or headers.get("idempotency-key")
    if given and len(given) > _LONGEST_KEY:
        raise Problem(400, "key_too_long", limit=_LONGEST_KEY)
    run = NewRun(uuid7(), target.workspace_id, target.scenario_id, target.version_id, target.node_id)
    considered = (
        f'[{{"scenario_id":"{target.scenario_id}","node_id":"{target.node_id}","run_id":"{run.id}"}}]'.encode()
    )
    key = f"hook:{token}:{given}" if given else None
    return NewEvent(uuid7(), target.workspace_id, "webhook", token, key, payload, considered, (run,))


def _accepted(accepted: Accepted) -> Answer:
    said: dict[str, Any] = {"event_id": str(accepted.event_id), "run_ids": [str(run) for run in accepted.run_ids]}
    if accepted.duplicate:
        return Answer(200, orjson.dumps(said | {"duplicate": True}))
    return Answer(202, orjson.dumps(said))


def _ended(accepted: Accepted, ended: Ending | None) -> Answer:
    if ended is not None and ended["status"] == "succeeded":
        if ended.get("result") is not None:
            return Answer(200, orjson.dumps(ended["result"]))
        return Answer(200, orjson.dumps({"status": ended["status"], "output": ended.get("output")}))
    if ended is not None and ended["status"] in ("failed", "cancelled"):
        error = ended.get("error") or {}
        said = {
            "error": {name: error.get(name) for name in ("code", "message", "fix")},
            "result": ended.get("result"),
            "run_ids": [str(run) for run in accepted.run_ids],
        }
        return Answer(422, orjson.dumps(said))
    return _accepted(accepted)


def _later(seconds: int, code: str) -> Problem:
    return Problem(503, code, ((b"retry-after", str(seconds).encode()),))


def _error(problem: Problem, headers: dict[str, str]) -> Answer:
    words = say(f"hooks.{problem.code}", negotiate(headers.get("accept-language")), **problem.params)
    said = {"error": {"code": problem.code, "message": words.message, "fix": words.fix}}
    return Answer(problem.status, orjson.dumps(said), problem.headers)
