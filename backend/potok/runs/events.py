"""What the runs room announces, and the channel that carries it to the workers."""

from dataclasses import dataclass
from uuid import UUID

CHANNEL = "potok:halt"
"""Redis channel with ids of runs that were paused or cancelled, so that workers let go of them at once."""


@dataclass(frozen=True, slots=True)
class RunsHalted:
    """Paused or cancelled."""

    run_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class RunsReady:
    """Resumed, or their question was answered: a worker may take them."""

    run_ids: tuple[UUID, ...]
