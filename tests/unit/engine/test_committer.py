"""Checkpoints are written in groups; a run comes once in a group, however often it was claimed meanwhile."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from potok.adapters.store_memory import MemoryStore
from potok.engine.committer import Committer
from potok.engine.ports import Checkpoint, Committed


class Watched(MemoryStore):
    """Notes which runs came together; refuses to go on until it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[list[tuple[UUID, int]]] = []

    async def commit(self, checkpoints: Sequence[Checkpoint], lease: float) -> list[Committed]:
        self.groups.append([(one.run_id, one.claim) for one in checkpoints])
        return [Committed(one.claim == 2) for one in checkpoints]


def checkpoint(run_id: UUID, claim: int) -> Checkpoint:
    return Checkpoint(run_id, claim, uuid7(), uuid7(), keep=True, status="running")


async def test_two_checkpoints_of_one_run_never_come_in_one_group_and_keep_their_order() -> None:
    store = Watched()
    committer = Committer(store, 10.0)
    one, other = uuid7(), uuid7()
    answers: list[tuple[UUID, int, bool]] = []
    for run_id, claim in ((one, 1), (other, 2), (one, 2), (other, 3)):
        committer.put(
            checkpoint(run_id, claim),
            lambda result, run_id=run_id, claim=claim: answers.append((run_id, claim, result.written)),  # type: ignore[misc]
        )
    task = asyncio.create_task(committer.run())
    async with asyncio.timeout(5):
        while len(answers) < 4:  # noqa: ASYNC110
            await asyncio.sleep(0)
    task.cancel()
    assert store.groups == [[(one, 1), (other, 2)], [(one, 2), (other, 3)]]
    assert answers == [(one, 1, False), (other, 2, True), (one, 2, True), (other, 3, False)]
