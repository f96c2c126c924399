"""When a failed attempt is tried again: soon inside the run, later by a timer, or not at all."""

import random
from dataclasses import dataclass

ATTEMPTS = 3
"""Attempts inside one run when the node names no time itself."""
ATTEMPTS_BY_TIMER = 20
"""Attempts altogether, when the other side says how long to wait."""
LONGEST_PAUSE = 5.0
"""Seconds a run may be kept in memory for; a longer pause becomes a timer."""
_FIRST_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Pause:
    """Try again after so many seconds; `by_timer` when the run should leave memory meanwhile."""

    seconds: float
    by_timer: bool


def next_try(attempt: int, after: float | None, luck: float | None = None) -> Pause | None:
    """What follows the failed attempt number `attempt` (from 1); None: give up.

    Without `after`: exponential backoff with full jitter in the upper half. With it: exactly as asked (plus up to
    a tenth, so that many runs do not come back at the same moment). `luck` in 0..1 replaces the random number.
    """
    chance = random.random() if luck is None else luck  # noqa: S311 (jitter, not a secret)
    if after is None:
        if attempt >= ATTEMPTS:
            return None
        return Pause(_FIRST_PAUSE * 4 ** (attempt - 1) * (0.5 + chance / 2), by_timer=False)
    seconds = max(0.0, after) * (1 + chance / 10)
    by_timer = seconds > LONGEST_PAUSE
    return None if attempt >= (ATTEMPTS_BY_TIMER if by_timer else ATTEMPTS) else Pause(seconds, by_timer)
