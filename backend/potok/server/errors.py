"""What a caller learns about an error, and what only the log learns.

GraphQL errors reach the caller with `extensions.code`:

    (graphql's own)    bad_request      the document is malformed, too large or too deep
    GraphQLError       unauthenticated  nobody is signed in
                       forbidden        the role does not allow it
    Refused            <problem code>   a query's argument is wrong; mutations answer problems instead
    database is away   unavailable      try again; nothing was changed
    anything else      internal         our fault: the caller gets an id, the log gets the story under it
"""

import logging
import secrets
from collections.abc import Sequence

import asyncpg
from graphql import GraphQLError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from potok.engine.outage import WORDS, why
from potok.engine.ports import StoreUnavailable
from potok.problems import Refused
from potok.server.ingest import Overloaded
from potok.words import say

log = logging.getLogger("potok.server")

_AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    InterfaceError,
    PoolTimeout,
    StoreUnavailable,
    Overloaded,
)
_AWAY_STATES = ("08", "53", "57", "25006")
"""SQLSTATE classes: no connection, no resources, the server is stopping; and a server that only reads."""


def is_away(error: BaseException | None) -> bool:
    """Whether the database cannot serve at present, so that trying again later makes sense."""
    if isinstance(error, _AWAY):
        return True
    state = getattr(getattr(error, "orig", error), "sqlstate", None) or ""
    if str(state).startswith(_AWAY_STATES):
        return True
    if isinstance(error, OperationalError) and not state:
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def shown(error: GraphQLError, locale: str, request_id: str) -> GraphQLError:
    """The error as the caller may see it; unexpected ones are logged here."""
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        extensions = error.extensions or (cause.extensions if isinstance(cause, GraphQLError) else None) or {}
        return _like(error, error.message, {"code": "bad_request"} | dict(extensions))
    if isinstance(cause, Refused):
        problem = cause.problems[0]
        words = problem.words(locale)
        return _like(error, words.message, {"code": problem.code, "fix": words.fix, "path": list(problem.path)})
    if is_away(cause):
        log.warning("request %s: the database is away: %s", request_id, cause)
        return unavailable(locale, error, cause)
    error_id = secrets.token_hex(6)
    place = ".".join(str(part) for part in error.path or ())
    log.error("error %s in request %s at %s", error_id, request_id, place, exc_info=cause)
    words = say("internal", locale, id=error_id)
    return _like(error, words.message, {"code": "internal", "fix": words.fix, "id": error_id})


def all_shown(errors: Sequence[GraphQLError], locale: str, request_id: str) -> list[GraphQLError]:
    """Every error of an answer."""
    return [shown(error, locale, request_id) for error in errors]


def unavailable(
    locale: str, error: GraphQLError | None = None, cause: BaseException | None = None
) -> GraphQLError:
    """The error for a database that is away, has no connection left, is full or only reads."""
    words = say(WORDS[why(cause)], locale)
    extensions: dict[str, object] = {"code": "unavailable", "fix": words.fix}
    return (
        GraphQLError(words.message, extensions=extensions)
        if error is None
        else _like(error, words.message, extensions)
    )


def _like(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
