"""Why an open run does not go on, as the schema shows it."""

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry

from potok.gql import Info, batched
from potok.runs import service
from potok.runs.graphql.ledger import name_of
from potok.runs.repository import RunHead
from potok.scenarios.graphql.versions import graph_of
from potok.words import say


@strawberry.enum
class RunCauseKind(Enum):
    """What kind of thing a run waits for."""

    PAUSED = "paused"
    ANSWER = "answer"
    TIMER = "timer"
    RETRY = "retry"
    LIMIT = "limit"
    CALL = "call"
    SIGNAL = "signal"
    QUEUE = "queue"
    NO_WORKER = "no_worker"


@strawberry.type
class RunCause:
    """What a run waits for, in the reader's language; `fix` says what a person can do, if anything."""

    kind: RunCauseKind
    words: str
    fix: str
    until: datetime | None
    node_id: strawberry.ID | None


async def cause_of(info: Info, run: RunHead) -> RunCause | None:
    """A run's cause, batched; None for a run that goes on or has ended."""

    async def load(ids: list[UUID]) -> dict[UUID, service.Cause]:
        async with info.context.db() as db:
            return await service.causes_of(db, ids)

    if run.finished_at is not None:
        return None
    cause = await batched(info, "causes", load).load(run.id)
    if cause is None:
        return None
    who = await name_of(info, cause.user_id) or cause.key_name
    words = say(
        _CODES[_said(cause)],
        info.context.locale,
        who=who,
        step=await title_in(info, run.version_id, cause.node_id) if cause.node_id else "",
        signal=cause.signal[0],
        key=cause.signal[1],
        **_limit_words(cause.limit, info.context.locale),
        count=f"{cause.ahead}" if cause.ahead < service.MANY else f"{cause.ahead}+",
    )
    return RunCause(
        kind=RunCauseKind(cause.kind),
        words=words.message,
        fix=words.fix,
        until=cause.until,
        node_id=strawberry.ID(cause.node_id) if cause.node_id else None,
    )


def _limit_words(limit: service.LimitCause | None, locale: str) -> dict[str, str]:
    if limit is None:
        return {}
    seconds = limit.per_seconds
    code = _PERIODS.get(seconds, "limit_period")
    return {
        "name": limit.name,
        "limit": str(limit.at_most),
        "period": say(code, locale, seconds=f"{seconds:g}").message,
        "for_key": say("limit_for_key", locale, key=limit.key).message if limit.key else "",
    }


_PERIODS = {1.0: "limit_second", 60.0: "limit_minute", 3600.0: "limit_hour", 86400.0: "limit_day"}


def _said(cause: service.Cause) -> str:
    """Which words fit."""
    if cause.limit is not None:
        return f"{'rate' if cause.limit.per_seconds else 'limit'}_{'step' if cause.limit.name else 'run'}"
    if cause.kind == "queue" and not cause.ahead:
        return "next"
    return "signal_of" if cause.kind == "signal" and cause.signal[1] else cause.kind


_CODES = {
    "paused": "waits_paused",
    "answer": "waits_answer",
    "timer": "waits_timer",
    "retry": "waits_retry",
    "limit_run": "waits_limit_run",
    "limit_step": "waits_limit_step",
    "rate_run": "waits_rate_run",
    "rate_step": "waits_rate_step",
    "call": "waits_call",
    "signal": "waits_signal",
    "signal_of": "waits_signal_of",
    "queue": "waits_queue",
    "next": "waits_next",
    "no_worker": "waits_no_worker",
}


async def title_in(info: Info, version_id: UUID, node_id: str) -> str:
    """A step's title in this version of its scenario."""
    graph = await graph_of(info, version_id)
    nodes: list[dict[str, Any]] = list(graph.get("nodes", []))  # type: ignore[call-overload]
    node = next((one for one in nodes if one["id"] == node_id), None)
    if node is None:
        return node_id
    return str(node.get("title") or info.context.catalog.type_title(node["type"], info.context.locale))
