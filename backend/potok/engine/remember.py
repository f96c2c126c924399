"""Lets the steps of a run ask the store what scenarios remember and records hold; when it is away, later."""

from collections.abc import Awaitable, Callable
from typing import Any

from potok.engine.ports import ClaimedRun, Store, StoreUnavailable
from potok.engine.questions import Asking, NotOurs
from potok.engine.retry import LONGEST_PAUSE
from potok.sdk.memory import Question
from potok.sdk.outcome import Retry
from potok.sdk.records import RecordQuestion

Asked = Callable[[str, Question | RecordQuestion], Awaitable[Any]]


def recalling(store: Store, run: ClaimedRun) -> Asked:
    """What `ctx.memory` and `ctx.records` of this run's steps ask."""

    async def recall(key: str, question: Question | RecordQuestion) -> Any:
        asking = Asking(key, run.run_id, run.claim, run.workspace_id, run.scenario_id, question)
        try:
            return await store.remember(asking)
        except StoreUnavailable as error:  # a pause this long leaves memory, and ends when the database is back
            raise Retry("the database is away", after=LONGEST_PAUSE + 1) from error
        except NotOurs as error:
            raise Retry("the run was taken away", after=1) from error

    return recall
