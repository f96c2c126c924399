"""What a step asks the store while it runs, to be answered once however often it is repeated."""

from dataclasses import dataclass
from uuid import UUID

from potok.sdk.memory import Question
from potok.sdk.records import RecordQuestion


@dataclass(frozen=True, slots=True)
class Asking:
    """A question of a step. `key` is its effect key: what was answered once is answered again."""

    key: str
    run_id: UUID
    claim: int
    workspace_id: UUID
    scenario_id: UUID
    question: Question | RecordQuestion


class NotOurs(Exception):
    """Somebody else owns the run now, so it may change nothing."""
