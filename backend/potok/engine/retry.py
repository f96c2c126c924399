"""When a failed attempt is tried again: soon inside the run, later by a timer, or not at all."""

import random
from dataclasses import dataclass

from potok.graph.model import RetryPolicy

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


_AMBIGUOUS = frozenset({"step_timeout", "plugin_bug"})
"""After these nobody knows whether an outward step has acted."""


def may_repeat(policy: RetryPolicy, code: str, asks: bool) -> bool:
    """Whether the policy covers this error. `asks`: a repeat may act twice, "any" leaves out the ambiguous."""
    return code in policy.on or ("any" in policy.on and not (asks and code in _AMBIGUOUS))


def next_by_policy(
    policy: RetryPolicy, attempt: int, spent: float, after: float | None, luck: float | None = None
) -> Pause | None:
    """What follows the failed attempt number `attempt` (from 1), `spent` seconds after the first one began.

    Exponential backoff with jitter in the upper half. The other side may name a longer pause (`after`).
    """
    chance = random.random() if luck is None else luck  # noqa: S311 (jitter, not a secret)
    if attempt >= policy.attempts:
        return None
    grown = policy.first_seconds * policy.factor ** min(attempt - 1, 200) if policy.first_seconds else 0.0
    seconds = min(grown, policy.max_seconds) * (0.5 + chance / 2)
    seconds = max(seconds, (after or 0.0) * (1 + chance / 10))
    if spent + seconds > policy.budget_seconds:
        return None
    return Pause(seconds, seconds > LONGEST_PAUSE)
