"""Advances many runs at once in one event loop: claims, runs, checkpoints in groups, renews leases, gives back."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from math import inf
from typing import Any
from uuid import UUID

from potok.engine import undo
from potok.engine.bulk import Bulk
from potok.engine.calls import Caller, gather_endings
from potok.engine.committer import Committer
from potok.engine.driver import Driver, Lost
from potok.engine.ends import NONE, ended, gave_up
from potok.engine.errors import short_traceback
from potok.engine.limits import admit
from potok.engine.ports import (
    Calendars,
    Checkpoint,
    ClaimedRun,
    Committed,
    Live,
    NodeTypes,
    Receipt,
    Store,
    StoreUnavailable,
)
from potok.engine.program import Program, ProgramCache, Step
from potok.engine.remember import recalling
from potok.engine.session import Session, utc_now
from potok.engine.signals import gather_signals
from potok.engine.step import Outcome
from potok.engine.telling import Telling
from potok.engine.working import OfficeHours
from potok.sdk.ctx import HttpClient

log = logging.getLogger(__name__)

BATCH = 200
"""Runs claimed at once."""
BREATH = 50
"""Runs advanced in one go before others get their turn in the event loop."""
GIVE_UP = 10
"""Claims without a single checkpoint in between after which a run counts as the cause of the crashes."""
SWEEP_EVERY = 1.0
SWEEP_AGE = 1.5
"""Seconds a ready run may lie before somebody takes it without having been told."""
_LAST_RECEIPTS = 0.5
"""Seconds that a stop leaves for writing the receipts of runs it gives back."""
_OPEN = frozenset({"queued", "running", "waiting", "unknown"})
_PARKED = frozenset({"waiting", "unknown"})


class Executor:
    """`offer` run ids, `run` until cancelled, `stop` gently."""

    def __init__(
        self,
        store: Store,
        types: NodeTypes,
        live: Live,
        http: Callable[[Step], HttpClient],
        *,
        owner: str,
        lease: float = 10.0,
        capacity: int = 500,
        bulk: Bulk | None = None,
        now: Callable[[], datetime] = utc_now,
        calendars: Calendars | None = None,
    ) -> None:
        self._store = store
        self._telling = Telling(live)
        self._http = http
        self._owner = owner
        self._lease = lease
        self._capacity = capacity
        self._bulk = bulk or Bulk()
        self._now = now
        self._calendars: Calendars = calendars or OfficeHours()
        self._programs = ProgramCache(types, store.version)
        self._caller = Caller(store, self._programs)
        self._committer = Committer(store, lease, self.offer)
        self._inbox: deque[UUID] = deque()
        self._replies: dict[UUID, str] = {}
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._held: dict[UUID, int] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._orphans: set[asyncio.Task[Any]] = set()
        """Actions on their way outside, and receipts, of runs that are no longer ours."""
        self._stopping = self._stopped = False
        self.finished = 0
        """Runs brought to an end since the start."""

    # what others call

    @property
    def held(self) -> int:
        """Runs in memory now."""
        return len(self._held)

    @property
    def backlog(self) -> int:
        """Offered run ids not claimed yet."""
        return len(self._inbox)

    def offer(self, run_ids: Sequence[UUID], reply_to: dict[UUID, str] | None = None) -> None:
        """Runs that are ready, as far as somebody knows."""
        self._inbox.extend(run_ids)
        if reply_to:
            self._replies.update(reply_to)
        self._wake.set()

    async def room(self, most: int) -> None:
        """Return when fewer than `most` offered runs wait to be claimed: the queue's back-pressure."""
        while len(self._inbox) >= most:
            self._room.clear()
            await self._room.wait()

    async def run(self) -> None:
        """Work until cancelled or `stop`ped."""
        async with asyncio.TaskGroup() as group:
            helpers = [group.create_task(self._committer.run()), group.create_task(self._renew_loop())]
            try:
                await asyncio.gather(self._claim_loop(sweeps=True), self._claim_loop(sweeps=False))
            finally:
                for helper in helpers:
                    helper.cancel()

    async def stop(self, grace: float = 8.0) -> None:
        """Claim nothing new, let runs in memory finish for `grace` seconds, give back the rest."""
        self._stopping = True
        self._wake.set()
        deadline = asyncio.get_running_loop().time() + grace
        while (self._held or self._orphans) and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 (many events end it)
            await asyncio.sleep(0.02)
        held, left = list(self._held.items()), list(self._tasks.values())
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)  # they hand over the receipts they hold
        if self._orphans:
            await asyncio.wait(list(self._orphans), timeout=min(grace, _LAST_RECEIPTS))
        if held:
            try:
                await self._store.release(held)
            except StoreUnavailable:
                log.warning("%d runs could not be given back; their leases end by themselves", len(held))
        self._held.clear()
        self._stopped = True
        for task in self._orphans:
            task.cancel()

    # claiming

    async def _claim_loop(self, sweeps: bool) -> None:
        """One lane. While one lane waits for the database, the other runs what it has claimed."""
        loop = asyncio.get_running_loop()
        next_sweep = loop.time() if sweeps else inf
        while not self._stopping or self._held:
            self._inbox.extend(self._bulk.take_later())
            free = min(self._capacity - len(self._held), BATCH)
            if self._stopping or free <= 0 or (not self._inbox and loop.time() < next_sweep):
                await self._pause(
                    0.05 if self._stopping else min(SWEEP_EVERY, max(0.01, next_sweep - loop.time()))
                )
                continue
            try:
                if loop.time() >= next_sweep:  # also under load, else forgotten runs would wait for its end
                    taken = await self._claim(free, None)
                    next_sweep = loop.time() + (0.0 if taken and not self._inbox else SWEEP_EVERY)
                else:
                    await self._claim(free, self._take(free))
            except StoreUnavailable as error:
                log.warning("cannot claim, the database is away: %s", error)
                await asyncio.sleep(0.5)

    async def _pause(self, seconds: float) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    def _take(self, most: int) -> list[UUID]:
        inbox = self._inbox
        taken = [inbox.popleft() for _ in range(min(most, len(inbox)))]
        self._room.set()
        return taken

    async def _claim(self, limit: int, run_ids: list[UUID] | None) -> int:
        age = 0.0 if run_ids is not None else SWEEP_AGE
        with self._bulk.claiming() as most:
            runs = await self._store.claim(self._owner, self._lease, limit, run_ids, age, most)
            for run in runs:
                self._held[run.run_id] = run.claim
                if run.needs is not None:
                    self._bulk.reserve(run)
        if run_ids is not None and len(runs) < len(run_ids):
            self._bulk.missed(run_ids, runs, most)
        arrivals: list[Session] = []
        for number, run in enumerate(runs, 1):
            if run.needs is not None:
                self._tasks[run.run_id] = asyncio.create_task(self._begin_large(run))
            else:
                await self._begin(run, arrivals)
            if number % BREATH == 0:
                await asyncio.sleep(0)
        if arrivals:
            await self._admit(arrivals)
        return len(runs)

    async def _admit(self, arrivals: list[Session]) -> None:
        """Runs of limited scenarios begin, wait for their turn, or end here."""
        try:
            for session, verdict in await admit(self._store, arrivals):
                if verdict is None:
                    self._go(session)
                elif isinstance(verdict, Committed):
                    self._ended(session, "waiting", verdict)
                else:
                    self._put(session, verdict)
        except StoreUnavailable:
            for session in arrivals:
                self._forget(session.run)

    async def _begin_large(self, run: ClaimedRun) -> None:
        """First read what is kept apart, as soon as there is room for it in memory."""
        try:
            await self._bulk.admit(run.run_id)
            if await self._store.load(run):
                arrivals: list[Session] = []
                await self._begin(run, arrivals)
                if arrivals:
                    await self._admit(arrivals)
                return
            checkpoint = ended(run, "value_lost")
        except (StoreUnavailable, asyncio.CancelledError):
            self._forget(run)
            return
        except Exception as error:
            log.exception("run %s: its data cannot be read", run.run_id)
            checkpoint = ended(run, "internal", short_traceback(error), error=type(error).__name__)
        self._committer.put(checkpoint, lambda result: self._forget(run))

    async def _begin(self, run: ClaimedRun, arrivals: list[Session]) -> None:
        """Let it go, or add it to those that have to pass a limit first."""
        try:
            program = await self._programs.get(run.version_id)
            await self._calendars.ready(run.workspace_id)
            if run.journal:
                await gather_endings(self._store, run)
                await gather_signals(self._store, run)
        except StoreUnavailable:
            self._forget(run)  # the lease ends by itself, the sweep comes again
            return
        session, problem = self._open(run, program)
        if session is None:
            self._committer.put(problem, lambda result: self._forget(run))
            return
        session.reply_to = self._replies.pop(run.run_id, None)
        if session.program.gates and not run.journal:
            arrivals.append(session)
        else:
            self._go(session)

    def _go(self, session: Session) -> None:
        """Run it to its end here and now if its steps allow, else give it a task."""
        run = session.run
        try:
            commands = session.inline()
            if not commands or undo.wanted(session, commands):
                self._tasks[run.run_id] = asyncio.create_task(self._drive(session))
                return
            checkpoint = session.checkpoint(commands)
        except Exception as error:
            log.exception("run %s: the engine failed", run.run_id)
            checkpoint = ended(run, "internal", short_traceback(error), error=type(error).__name__)
        self._put(session, checkpoint)

    def _put(self, session: Session, checkpoint: Checkpoint) -> None:
        self._committer.put(checkpoint, lambda result: self._ended(session, checkpoint.status, result))

    def _open(self, run: ClaimedRun, program: Program | None) -> tuple[Session | None, Checkpoint]:
        """A session, or the checkpoint that ends a run which cannot be opened."""
        if run.status not in _OPEN:
            return None, ended(run, "")
        if run.attempts > GIVE_UP:
            return None, gave_up(run, program)
        if program is None:
            return None, ended(run, "version_missing")
        try:
            session = Session(run, program, self._http, self._now, self._calendars.get(run.workspace_id))
            session.recall = recalling(self._store, run)
            if run.needs is not None:
                run.payload = ""  # the session has read it
            return session, NONE
        except KeyError:
            return None, ended(run, "entry_missing", node=run.entry_node)
        except Exception as error:
            log.exception("run %s cannot be opened", run.run_id)
            return None, ended(run, "internal", short_traceback(error), error=type(error).__name__)

    async def _drive(self, session: Session) -> None:
        run = session.run
        try:
            told = (self._telling.tell, self._keep, self._follow, self._caller)
            driver = Driver(session, self._committer, self._store, *told)
            status, result = await driver.drive()
            self._ended(session, status, result)
        except Lost as lost:
            self._ended(session, "failed", lost.result)
        except asyncio.CancelledError:
            self._forget(run)
        except Exception as error:
            log.exception("run %s: the engine failed", run.run_id)
            checkpoint = ended(run, "internal", short_traceback(error), error=type(error).__name__)
            self._committer.put(checkpoint, lambda result: self._ended(session, "failed", result))

    # ending

    def _ended(self, session: Session, status: str, result: Committed) -> None:
        self._forget(session.run)
        if result.written:
            if session.run.parent is not None and status not in _PARKED:
                self.offer([session.run.parent])
            self.finished += status not in _PARKED
            self._telling.tell(session, "failed" if result.refused else status)

    def _forget(self, run: ClaimedRun) -> None:
        if self._held.get(run.run_id, run.claim) == run.claim:  # else taken from us, and claimed again meanwhile
            self._held.pop(run.run_id, None)
            self._tasks.pop(run.run_id, None)
            self._bulk.release(run.run_id)
        self._wake.set()

    # runs that were taken from us

    def halt(self, run_ids: Sequence[UUID]) -> None:
        """Somebody paused or cancelled these: let go of them at once. The fence keeps them safe in any case."""
        for run_id in run_ids:
            task = self._tasks.get(run_id)
            if task is not None:
                task.cancel()

    def _follow(self, task: asyncio.Task[Outcome], then: Callable[[], None]) -> None:
        """An action on its way outside comes to its end although its run was taken from us."""
        self._orphans.add(task)

        def ended(task: asyncio.Task[Outcome]) -> None:
            self._orphans.discard(task)
            if not task.cancelled() and task.exception() is None:
                then()

        task.add_done_callback(ended)

    def _keep(self, receipts: Sequence[Receipt]) -> None:
        if self._stopped:  # the connections are closing; the effect stays an intent, as after a crash
            return
        kept = asyncio.create_task(self._settle(list(receipts)))
        self._orphans.add(kept)
        kept.add_done_callback(self._orphans.discard)

    async def _settle(self, receipts: list[Receipt]) -> None:
        while True:
            try:
                ready = await self._store.settle(receipts)
            except StoreUnavailable as error:
                log.warning("the database is away, %d receipts wait: %s", len(receipts), error)
                await asyncio.sleep(1)
            else:
                if ready:
                    self.offer(ready)
                return

    # leases

    async def _renew_loop(self) -> None:
        while True:
            await asyncio.sleep(self._lease / 3)
            held = list(self._held.items())
            if not held:
                continue
            try:
                ours = await self._store.renew(held, self._lease)
            except StoreUnavailable as error:
                log.warning("cannot renew %d leases: %s", len(held), error)
                continue
            for run_id, claim in held:
                if run_id not in ours and self._held.get(run_id) == claim:
                    task = self._tasks.get(run_id)
                    if task is not None:
                        log.warning("run %s was lost to another worker", run_id)
                        task.cancel()
