"""Signals in the store's in-memory twin: the same rules as the tables, without disk and locks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from potok.engine.ports import Checkpoint, Listen
from potok.engine.questions import Asking, NotOurs
from potok.engine.values import from_json, to_json
from potok.sdk.memory_kept import KeptMemory
from potok.sdk.records import RecordQuestion
from potok.sdk.records_kept import KeptRecords
from potok.sdk.staging import SignalWrite


@dataclass(slots=True)
class Waiting:
    """A step that waits, and what came for it."""

    workspace_id: UUID
    listen: Listen
    came: bool = False
    data: Any = None


@dataclass(slots=True)
class Sent:
    """A signal that is kept for those who begin to wait."""

    id: UUID
    workspace_id: UUID
    write: SignalWrite
    until: datetime
    taken: set[UUID] = field(default_factory=set)


class MemorySignals:
    """What runs wait for and what was sent."""

    def __init__(self) -> None:
        self.waiting: dict[tuple[UUID, str, str], Waiting] = {}
        self.sent: dict[tuple[UUID, str], Sent] = {}

    def write(self, made: Checkpoint) -> list[UUID]:
        """What a checkpoint says of signals; the runs that have something to do now."""
        ready: list[UUID] = []
        if made.listens is not None:
            ready += self._listen(made, made.listens)
        for key, _, write in made.staged:
            if isinstance(write, SignalWrite):
                ready += self.send(made.workspace_id, write, f"id:{write.id}" if write.id else f"step:{key}")
        return ready

    def _listen(self, made: Checkpoint, listens: Sequence[Listen]) -> list[UUID]:
        now = {(made.run_id, one.node_id, one.item): one for one in listens}
        for place in [place for place in self.waiting if place[0] == made.run_id and place not in now]:
            del self.waiting[place]
        for place, one in now.items():
            waiting = self.waiting.setdefault(place, Waiting(made.workspace_id, one))
            if not waiting.came:
                self._take_kept(made.run_id, waiting)
        parked = not made.keep and not made.finished
        return [made.run_id] if parked and any(self.waiting[place].came for place in now) else []

    def _take_kept(self, run_id: UUID, waiting: Waiting) -> None:
        for sent in self.sent.values():
            kept = sent.until > datetime.now(UTC) and run_id not in sent.taken
            if kept and _fits(waiting, sent.workspace_id, sent.write):
                sent.taken.add(run_id)
                waiting.came, waiting.data = True, _plain(sent.write.data)
                return

    def send(self, workspace_id: UUID, write: SignalWrite, key: str) -> list[UUID]:
        """Deliver a signal, unless one of this key was sent before; the runs it wakes."""
        if (workspace_id, key) in self.sent:
            return []
        now = datetime.now(UTC)
        sent = self.sent[workspace_id, key] = Sent(uuid7(), workspace_id, write, now + write.keep)
        for (run_id, _, _), waiting in self.waiting.items():
            late = waiting.listen.until is not None and waiting.listen.until <= now
            if not waiting.came and not late and _fits(waiting, workspace_id, write):
                sent.taken.add(run_id)
                waiting.came, waiting.data = True, _plain(write.data)
        return list(sent.taken)

    def heard(self, run_id: UUID) -> dict[tuple[str, str], Any]:
        """What came for a run."""
        return {
            (node_id, item): waiting.data
            for (owner, node_id, item), waiting in self.waiting.items()
            if owner == run_id and waiting.came
        }


def _fits(waiting: Waiting, workspace_id: UUID, write: SignalWrite) -> bool:
    return (waiting.workspace_id, waiting.listen.name, waiting.listen.key) == (workspace_id, write.name, write.key)


def _plain(data: Any) -> Any:
    return from_json(to_json(data))


class Remembering:
    """The part of the store that is about signals and what scenarios remember."""

    work: dict[UUID, Any]

    def __init__(self) -> None:
        self.signals = MemorySignals()
        self.memory = KeptMemory()
        self.records = KeptRecords({})

    def _wake(self, run_ids: Sequence[UUID]) -> None:
        raise NotImplementedError

    def send(self, workspace_id: UUID, write: SignalWrite, key: str) -> None:
        """What the runs room does when somebody sends a signal."""
        self._wake(self.signals.send(workspace_id, write, key))

    async def heard(self, run_id: UUID) -> dict[tuple[str, str], Any]:
        """What came for the waiting steps of a run."""
        return self.signals.heard(run_id)

    async def remember(self, asking: Asking) -> Any:
        """The answer to a step's question."""
        work = self.work.get(asking.run_id)
        if work is None or work.claim != asking.claim:
            raise NotOurs(str(asking.run_id))
        if isinstance(asking.question, RecordQuestion):
            return await self.records.ask(asking.key, asking.question)
        where = {"workspace": str(asking.workspace_id), "scenario": str(asking.scenario_id)}
        now = datetime.now(UTC)
        return self.memory.ask(asking.key, asking.question, run=str(asking.run_id), now=now, **where)
