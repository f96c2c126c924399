"""The store's in-memory twin, for tests: the same port, the same contract suite, no disk."""

import asyncio
import copy
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from potok.adapters.blobs_memory import MemoryBlobs, bounded
from potok.adapters.larges import Larges
from potok.adapters.store_memory_limits import MemoryLimits
from potok.adapters.store_memory_signals import Remembering
from potok.engine.gates import Ask, Turn
from potok.engine.large import needs_of
from potok.engine.ports import (
    Accepted,
    Checkpoint,
    ClaimedRun,
    Committed,
    DueTimer,
    Firing,
    NewEvent,
    PayloadRefused,
    Receipt,
    Reply,
    Settled,
    VersionDoc,
)
from potok.engine.values import from_json
from potok.sdk.staging import OutboxWrite, SignalWrite, Staged

_OPEN = ("queued", "running", "waiting", "unknown")
_ENDED = ("succeeded", "failed", "cancelled")

_SUSPECT = 3


@dataclass(slots=True)
class Work:
    """A row of the hot table."""

    ready_at: datetime
    lease_until: datetime | None = None
    owner: str | None = None
    claim: int = 0
    attempts: int = 0


@dataclass(slots=True)
class KeptRun:
    """A run with its journal."""

    run: ClaimedRun
    steps: int = 0
    end_name: str | None = None
    result: Any = None
    error: Any = None
    segments: dict[int, list[Any]] = field(default_factory=dict)


def run_of(key: str) -> UUID:
    """The run whose effect this is."""
    return UUID(key.partition(":")[0])


class MemoryStore(Remembering):
    """See potok.engine.ports.Store for the meaning of every method. Look into its fields from tests only."""

    def __init__(self, larges: Larges | None = None) -> None:
        self._larges = larges or Larges(MemoryBlobs())
        self.events: dict[UUID, NewEvent] = {}
        self.keys: dict[tuple[UUID, str], UUID] = {}
        self.repeats: dict[UUID, int] = {}
        """How often an event was delivered again."""
        self.runs: dict[UUID, KeptRun] = {}
        self.work: dict[UUID, Work] = {}
        self.versions: dict[UUID, VersionDoc] = {}
        self.timers: dict[UUID, tuple[DueTimer, str, str]] = {}
        """Timer, state, reason."""
        self.effects: dict[str, dict[str, Any]] = {}
        self.staged: dict[str, Staged] = {}
        super().__init__()
        self.limits = MemoryLimits(lambda run_id: self.runs[run_id].run.status)
        self._firing = asyncio.Lock()

    async def ingest(self, events: Sequence[NewEvent]) -> list[Accepted | PayloadRefused]:
        """Events with their runs."""
        return [self._ingest(event) for event in await self._larges.events(events)]

    def _ingest(self, event: NewEvent) -> Accepted | PayloadRefused:
        try:
            payload = event.payload.decode()
            from_json(payload)
            from_json(event.considered)
        except ValueError as error:
            return PayloadRefused(str(error))
        if "\0" in event.source or "\0" in (event.dedupe_key or ""):
            return PayloadRefused("invalid byte sequence: 0x00")
        if event.dedupe_key is not None:
            first = self.keys.setdefault((event.workspace_id, event.dedupe_key), event.id)
            if first != event.id:
                self.repeats[first] = self.repeats.get(first, 0) + 1
                return Accepted(first, [run.id for run in self.events[first].runs], duplicate=True)
        self.events[event.id] = event
        now = datetime.now(UTC)
        for new in event.runs:
            run = ClaimedRun(
                new.id,
                0,
                0,
                new.workspace_id,
                new.scenario_id,
                new.version_id,
                event.id,
                new.entry_node,
                "queued",
                now,
                payload,
            )
            self.runs[new.id] = KeptRun(run)
            self.work[new.id] = Work(now)
        return Accepted(event.id, [run.id for run in event.runs])

    async def claim(
        self,
        owner: str,
        lease: float,
        limit: int,
        run_ids: Sequence[UUID] | None = None,
        older_than: float = 0.0,
        most_bytes: int | None = None,
    ) -> list[ClaimedRun]:
        """Ready runs, leased to the owner."""
        now = datetime.now(UTC)
        ready_by = now - timedelta(seconds=older_than if run_ids is None else 0.0)
        free = [
            (run_id, work)
            for run_id in (list(self.work) if run_ids is None else run_ids)
            if (work := self.work.get(run_id)) is not None
            and (work.lease_until is None or work.lease_until < now)
            and work.ready_at <= ready_by
        ]
        calm = [item for item in free if item[1].attempts < _SUSPECT][:limit]
        wanted = bounded(calm, lambda item: self.events[self.runs[item[0]].run.event_id].weight, most_bytes)
        if not wanted and run_ids is None and not self._suspects_of(owner, now):
            suspects = sorted(free, key=lambda item: item[1].attempts)
            wanted = suspects[: 8 if suspects and suspects[0][1].attempts <= _SUSPECT + 2 else 1][:limit]
        taken: list[ClaimedRun] = []
        for run_id, work in wanted:
            work.owner, work.lease_until = owner, now + timedelta(seconds=lease)
            work.claim += 1
            work.attempts += 1
            taken.append(self._claimed(run_id, work))
        return taken

    async def load(self, run: ClaimedRun) -> bool:
        """Large values put back."""
        run.journal = copy.deepcopy(run.journal)
        return await self._larges.load(run)

    def _suspects_of(self, owner: str, now: datetime) -> bool:
        return any(
            work.owner == owner and work.attempts > _SUSPECT and (work.lease_until or now) > now
            for work in self.work.values()
        )

    def _claimed(self, run_id: UUID, work: Work) -> ClaimedRun:
        kept = self.runs[run_id]
        journal = [entry for _, entries in sorted(kept.segments.items()) for entry in entries]
        claimed = replace(
            kept.run,
            claim=work.claim,
            attempts=work.attempts,
            segments=len(kept.segments),
            journal=journal,
            ledger={
                key: Settled(found["answer"], found["state"], found.get("port"), found.get("receipt"))
                for key, found in self.effects.items()
                if run_of(key) == run_id and found.get("answer")
            },
        )
        claimed.needs = needs_of(claimed)
        return claimed

    def _ours(self, run_id: UUID, claim: int) -> Work | None:
        work = self.work.get(run_id)
        return work if work is not None and work.claim == claim else None

    async def renew(self, held: Sequence[tuple[UUID, int]], lease: float) -> set[UUID]:
        """The ids still ours."""
        until = datetime.now(UTC) + timedelta(seconds=lease)
        ours = set()
        for run_id, claim in held:
            if (work := self._ours(run_id, claim)) is not None:
                work.lease_until = until
                ours.add(run_id)
        return ours

    async def release(self, held: Sequence[tuple[UUID, int]]) -> None:
        """Runs given back."""
        for run_id, claim in held:
            if (work := self._ours(run_id, claim)) is not None:
                work.lease_until = work.owner = None
                work.ready_at -= timedelta(minutes=1)

    async def commit(self, checkpoints: Sequence[Checkpoint], lease: float) -> list[Committed]:
        """Checkpoints, each fenced."""
        packed = await self._larges.checkpoints(checkpoints)
        made = [self._commit(one, lease) for one in packed]
        await self._larges.ended(checkpoints, made)
        return made

    def _commit(self, made: Checkpoint, lease: float) -> Committed:
        work = self._ours(made.run_id, made.claim)
        if work is None:
            return Committed(False)
        for _, _, write in made.staged:
            if isinstance(write, SignalWrite):
                continue
            text = (
                f"{write.subject}{write.body}" if isinstance(write, OutboxWrite) else f"{write.title}{write.body}"
            )
            if "\0" in text:
                return Committed(False, "invalid byte sequence: 0x00")
        if made.end_name and "\0" in made.end_name:
            return Committed(False, "invalid byte sequence: 0x00")
        if made.keep:
            work.lease_until = datetime.now(UTC) + timedelta(seconds=lease)
            if made.steps > self.runs[made.run_id].steps:
                work.attempts = 0
        else:
            del self.work[made.run_id]
        heard = self._write(made)
        granted = self.limits.follow(made)
        self._wake(list(granted))
        return Committed(True, ready=[*heard, *granted], granted=granted.get(made.run_id, ()))

    def _write(self, made: Checkpoint) -> list[UUID]:
        kept = self.runs[made.run_id]
        if made.entries is not None:
            kept.segments.setdefault(made.seq, from_json(made.entries))
        if kept.run.status in _OPEN:
            kept.run.status, kept.steps = made.status, max(kept.steps, made.steps)
            kept.end_name = made.end_name
            kept.result = None if made.result is None else from_json(made.result)
            kept.error = None if made.error is None else from_json(made.error)
        for wait in made.waits:
            timer_id = uuid5(made.run_id, f"{wait.node_id}#{wait.item}" if wait.item else wait.node_id)
            timer = DueTimer(
                timer_id,
                "wait",
                made.workspace_id,
                made.scenario_id,
                None,
                made.run_id,
                wait.node_id,
                wait.fire_at,
                "run_once",
            )
            self.timers[timer_id] = (timer, "planned", "")
        if made.finished and made.had_waits:
            for timer_id, (timer, state, _) in self.timers.items():
                if timer.run_id == made.run_id and state == "planned":
                    self.timers[timer_id] = (timer, "cancelled", "run_finished")
        for intent in made.intents:
            self.effects[intent.key] = {"state": "intended", "attempts": intent.attempt, "preview": intent.preview}
        for receipt in made.receipts:
            proof = None if receipt.receipt is None else from_json(receipt.receipt)
            if receipt.fits(self.effects.get(receipt.key, {}).get("state")):
                self.effects[receipt.key] |= {"state": receipt.state, "receipt": proof}
        for key, _, write in made.staged:
            if not isinstance(write, SignalWrite):
                self.staged.setdefault(key, write)
        if any(self.effects[key].get("answer") for key in made.asks):
            self._ready(made.run_id)
        return self._follow(made)

    def _follow(self, made: Checkpoint) -> list[UUID]:
        """Called runs start; callers wake, and those whose signal came: which of these."""
        for call in made.calls:
            event = NewEvent(
                call.event_id, made.workspace_id, "call", str(made.run_id), None, call.payload, b"[]", [call.run]
            )
            self._ingest(event)
            self.runs[call.run.id].run.depth = call.depth
            self.runs[call.run.id].run.parent = made.run_id if call.waits else None
        ready = [made.parent] if made.finished and made.parent is not None else []
        if any(self.runs[called].run.status not in _OPEN for called in made.awaits):
            ready.append(made.run_id)
        heard = self.signals.write(made)
        self._wake(ready + heard)
        return heard

    def _wake(self, run_ids: Sequence[UUID]) -> None:
        for run_id in run_ids:
            if self.runs[run_id].run.status in _OPEN:
                self.work.setdefault(run_id, Work(datetime.now(UTC), claim=random.randrange(1000, 10**9)))  # noqa: S311

    def _ready(self, run_id: UUID) -> bool:
        kept = self.runs[run_id]
        if kept.run.status != "unknown":
            return False
        kept.run.status = "running"
        self.work.setdefault(run_id, Work(datetime.now(UTC), claim=random.randrange(1000, 10**9)))  # noqa: S311
        return True

    async def admit(self, asks: Sequence[Ask]) -> list[Turn]:
        """As far as each comes."""
        return [self._admit(ask) for ask in asks]

    def _admit(self, ask: Ask) -> Turn:
        if self._ours(ask.run_id, ask.claim) is None:
            return Turn(False, lost=True)
        turn = self.limits.go_through(ask)
        if ask.parks and not turn.passed and not turn.skipped:
            del self.work[ask.run_id]
            self.runs[ask.run_id].run.status = "waiting"
            for kind, name, moment in (("limit", "#limit", turn.until), ("deadline", "", ask.deadline)):
                if moment is not None:
                    timer_id = uuid5(ask.run_id, name)
                    place = (ask.workspace_id, ask.scenario_id, None, ask.run_id, "")
                    timer = DueTimer(timer_id, kind, *place, moment, "run_once")
                    self.timers[timer_id] = (timer, "planned", "")
        return turn

    async def settle(self, receipts: Sequence[Receipt]) -> list[UUID]:
        """Late receipts."""
        ready = []
        for receipt in receipts:
            found = self.effects[receipt.key]
            if found["state"] in ("intended", "unknown") and not found.get("answer"):
                proof = None if receipt.receipt is None else from_json(receipt.receipt)
                found |= {"state": receipt.state, "receipt": proof, "port": receipt.port, "answer": "late"}
                if self._ready(run_of(receipt.key)):
                    ready.append(run_of(receipt.key))
        return ready

    async def version(self, version_id: UUID) -> VersionDoc | None:
        """A published graph."""
        return self.versions.get(version_id)

    async def fire_due(
        self, limit: int, decide: Callable[[list[DueTimer]], Awaitable[list[Firing]]]
    ) -> list[UUID]:
        """The runs that became ready."""
        async with self._firing:
            now = datetime.now(UTC)
            planned = [
                timer for timer, state, _ in self.timers.values() if state == "planned" and timer.fire_at <= now
            ]
            due = sorted(planned, key=lambda timer: timer.fire_at)[:limit]
            ready: list[UUID] = []
            for timer, firing in zip(due, await decide(due), strict=True):
                self.timers[timer.id] = (timer, firing.state, firing.reason)
                ready += self._fire(timer, firing, now)
            return ready

    def _fire(self, timer: DueTimer, firing: Firing, now: datetime) -> list[UUID]:
        ready: list[UUID] = []
        if timer.run_id is not None:
            ready.append(timer.run_id)
            if self.runs[timer.run_id].run.status in _OPEN:
                self.work.setdefault(timer.run_id, Work(now, claim=random.randrange(1000, 10**9)))  # noqa: S311
        if firing.event is not None:
            accepted = self._ingest(firing.event)
            if isinstance(accepted, Accepted) and not accepted.duplicate:
                ready += accepted.run_ids
        for at, why in firing.missed:
            gone = replace(timer, id=uuid7(), fire_at=at, version_id=firing.version_id)
            self.timers[gone.id] = (gone, "missed", why)
        if firing.next_at is not None:
            following = replace(timer, id=uuid7(), fire_at=firing.next_at, version_id=firing.version_id)
            known = {(one.scenario_id, one.node_id, one.fire_at) for one, _, _ in self.timers.values()}
            if (following.scenario_id, following.node_id, following.fire_at) not in known:
                self.timers[following.id] = (following, "planned", "")
        return ready

    async def next_fire(self) -> float | None:
        """Seconds until the next timer."""
        planned = [timer.fire_at for timer, state, _ in self.timers.values() if state == "planned"]
        return max(0.0, (min(planned) - datetime.now(UTC)).total_seconds()) if planned else None

    async def published(self, workspace_id: UUID, scenario_id: UUID) -> tuple[UUID | None, bool] | None:
        """The newest version; every scenario here is switched on."""
        found = [one for one in self.versions.values() if one.scenario_id == scenario_id]
        ours = [one for one in found if one.workspace_id == workspace_id]
        return (max(ours, key=lambda one: one.number).version_id, True) if ours else None

    async def ending(self, run_id: UUID) -> Reply | None:
        """How a run ended."""
        kept = self.runs.get(run_id)
        if kept is None or kept.run.status not in _ENDED:
            return None
        result = await self._larges.value(copy.deepcopy(kept.result), run_id, kept.run.workspace_id)
        return Reply("", run_id, kept.run.status, result=result, error=kept.error, end_name=kept.end_name)
