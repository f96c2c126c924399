"""Limits of steps: a step takes its turn before it begins; until then it waits in memory, or parks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import time
from typing import TYPE_CHECKING

from potok.engine.frame import Frame
from potok.engine.gates import Ask, Turn
from potok.engine.limits import step_gates
from potok.engine.plan import again, suspend
from potok.engine.ports import Json, Store, StoreUnavailable
from potok.engine.program import Step

if TYPE_CHECKING:  # the driver and the session import us
    from potok.engine.driver import Job
    from potok.engine.session import Session

SHORT = 2.0
"""Seconds a run may stay in memory until a step's turn comes; for longer it leaves, and a timer brings it back."""
_STORE_PAUSE = 0.5


class TurnLost(Exception):
    """The run is no longer ours."""


class Turns:
    """Of one run under way."""

    def __init__(self, store: Store, session: Session) -> None:
        self._store = store
        self._session = session
        self.soon: list[tuple[float, Frame, Step]] = []
        """Steps whose turn is so near that the run stays in memory: (when, by the loop's clock)."""

    async def take(self, jobs: list[Job]) -> list[Job]:
        """Those that may begin now. Raises TurnLost."""
        limited = [job for job in jobs if job.step.limits is not None]
        if not limited:
            return jobs
        turns = dict(zip(map(id, limited), await self._ask(limited), strict=True))
        return [job for job in jobs if id(job) not in turns or self._begins(job, turns[id(job)])]

    async def _ask(self, jobs: Sequence[Job]) -> list[Turn]:
        asks = [self._wish(job) for job in jobs]
        while True:
            try:
                return await self._store.admit(asks)
            except StoreUnavailable:
                await asyncio.sleep(_STORE_PAUSE)

    def _wish(self, job: Job) -> Ask:
        session, step, run = self._session, job.step, self._session.run
        assert step.limits is not None
        holder = session.effect_key(job.frame, step)
        turn = f"{holder}~{job.frame.attempts.get(step.index, 1)}"
        gates = step_gates(step.limits, step.type_id, job.model)
        return Ask(run.run_id, run.claim, run.workspace_id, run.scenario_id, holder, turn, gates)

    def _begins(self, job: Job, turn: Turn) -> bool:
        session, frame, step = self._session, job.frame, job.step
        if turn.lost:
            raise TurnLost
        if turn.passed:
            session.queued.pop((frame.path, step.index), None)
            session.waits.pop((frame.path, step.index), None)
            session.said.pop((frame.path, step.index), None)
            return True
        if turn.until is not None and turn.seconds <= SHORT:
            self.soon.append((asyncio.get_running_loop().time() + turn.seconds, frame, step))
        else:
            self._wait(job, turn)
        return False

    def _wait(self, job: Job, turn: Turn) -> None:
        """The step is suspended; the journal says so once, however often the run looks again meanwhile."""
        session, frame, step = self._session, job.frame, job.step
        place = (frame.path, step.index)
        assert turn.gate is not None
        if turn.until is None:
            session.queued[place] = (frame, session.effect_key(frame, step))
        else:
            session.hold(frame, step, turn.until, "limit")
        said: Json = {"l": [turn.gate.name, turn.until.isoformat() if turn.until is not None else None]}
        if session.said.get(place) != said:
            session.said[place] = said
            session.note(frame, step, "waiting", None, job.params, started=int(time() * 1000), more=said)
        suspend(frame.state, step.index)
        session.todo.append(frame)

    def due(self) -> list[tuple[Frame, Step]]:
        """Steps whose turn has come; they ask again, and find it."""
        now = asyncio.get_running_loop().time()
        due = [(frame, step) for at, frame, step in self.soon if at <= now]
        self.soon = [one for one in self.soon if one[0] > now]
        return due

    def seconds(self, most: float | None) -> float | None:
        """How long there is nothing to do, at most so long."""
        if not self.soon:
            return most
        left = max(0.0, min(at for at, _, _ in self.soon) - asyncio.get_running_loop().time())
        return left if most is None else min(most, left)


def wake(session: Session, holders: Sequence[str]) -> None:
    """These have their place now: they begin."""
    for place, (frame, holder) in list(session.queued.items()):
        if holder in holders:
            del session.queued[place]
            again(frame.state, place[1])
            session.todo.append(frame)


def leave(session: Session, frame: Frame | None = None) -> None:
    """Steps that wait for a place (of this frame, or all) do so no longer."""
    for place, (one, holder) in list(session.queued.items()):
        if frame is None or one is frame:
            del session.queued[place]
            session.releases.append(holder)
