"""Lets the steps of a run ask the store what scenarios remember; when it is away the step is tried again later."""

from typing import Any

from potok.engine.ports import ClaimedRun, Store, StoreUnavailable
from potok.engine.questions import Asking, NotOurs
from potok.engine.retry import LONGEST_PAUSE
from potok.sdk.memory import Question, Recall
from potok.sdk.outcome import Retry


def recalling(store: Store, run: ClaimedRun) -> Recall:
    """What `ctx.memory` of this run's steps asks."""

    async def recall(key: str, question: Question) -> Any:
        asking = Asking(key, run.run_id, run.claim, run.workspace_id, run.scenario_id, question)
        try:
            return await store.remember(asking)
        except StoreUnavailable as error:  # a pause this long leaves memory, and ends when the database is back
            raise Retry("the database is away", after=LONGEST_PAUSE + 1) from error
        except NotOurs as error:
            raise Retry("the run was taken away", after=1) from error

    return recall
