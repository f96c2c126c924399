"""What becomes of schedule moments that passed while nobody could fire them (downtime). Pure.

run_once: the first one fires, the others are merged into it. run_all: each one fires. skip: none fires that is
later than LATE. Every moment that does not fire is kept with its reason, up to MOST of them per downtime.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

LATE = timedelta(seconds=60)
"""Later than this, a moment counts as missed and the policy decides."""
MOST = 500

NextFire = Callable[[datetime], datetime | None]
"""The first moment strictly after the given one."""


class Verdict(NamedTuple):
    """Whether the due moment fires, the moments that never will (with the reason), and the next one to plan."""

    fires: bool
    missed: tuple[tuple[datetime, str], ...]
    next_at: datetime | None


def judge(policy: str, fire_at: datetime, now: datetime, next_fire: NextFire) -> Verdict:
    """What becomes of a moment that is due, and of those between it and now."""
    if policy == "run_all":
        return Verdict(True, (), next_fire(fire_at))
    if policy == "skip":
        late = now - fire_at > LATE
        missed, next_at = _between(fire_at, now - LATE, "late", next_fire)
        return Verdict(not late, missed, next_at)
    missed, next_at = _between(fire_at, now, "merged", next_fire)
    return Verdict(True, missed, next_at)


def _between(
    after: datetime, end: datetime, reason: str, next_fire: NextFire
) -> tuple[tuple[tuple[datetime, str], ...], datetime | None]:
    """The moments up to `end` with their reason, and the first one beyond it."""
    missed: list[tuple[datetime, str]] = []
    moment = next_fire(after)
    while moment is not None and moment <= end:
        if len(missed) == MOST:  # a minute's schedule after a year: the list says so instead of growing
            missed[-1] = (missed[-1][0], "and_more")
            return tuple(missed), next_fire(max(end, after))
        missed.append((moment, reason))
        moment = next_fire(moment)
    return tuple(missed), moment
