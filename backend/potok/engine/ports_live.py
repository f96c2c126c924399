"""What the engine tells others while runs go on, and how ready runs travel. Best effort: rows are the truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

Json = dict[str, Any]


@dataclass(slots=True)
class Progress:
    """How far a run is, for whoever watches its scenario."""

    run_id: UUID
    scenario_id: UUID
    status: str
    version: int
    created_at: datetime
    steps: list[Json]


@dataclass(slots=True)
class Reply:
    """The end of a run, for the process whose caller waits for it."""

    process: str
    run_id: UUID
    status: str
    result: Any = None
    output: Any = None
    error: Json | None = None
    end_name: str | None = None


class Live(Protocol):
    """Tells watchers and waiting callers. Best effort: never raises, loses messages when the channel is away."""

    async def publish(self, progress: Sequence[Callable[[], Progress]], scenarios: Sequence[UUID]) -> None:
        """Tell watchers; the i-th progress (built only when somebody watches) belongs to the i-th scenario."""
        ...

    async def reply(self, replies: Sequence[Reply]) -> None:
        """Answer synchronous callers."""
        ...


class Queue(Protocol):
    """Carries run ids to a worker. Best effort: never raises; what it loses, the sweep offers again."""

    async def offer(self, run_ids: Sequence[UUID], reply_to: dict[UUID, str]) -> bool:
        """Hand over a batch; False when the queue is away."""
        ...
