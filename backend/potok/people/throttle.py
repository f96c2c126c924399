"""Slows guessing down: failed sign-ins per e-mail and per address, kept in the database for all processes.

An attempt is counted before its password is looked at and given back when it was right, so a hundred parallel
guesses count as a hundred. After a few free failures each further one doubles the pause, up to MAX_PAUSE.
"""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.people.models import SignInAttempt

FREE_PER_EMAIL = 5
FREE_PER_ADDRESS = 20
MAX_PAUSE = timedelta(minutes=5)
FORGET_AFTER = timedelta(days=1)


def subjects(email: str, address: str) -> dict[str, int]:
    """What an attempt is counted under, with the failures that cost nothing."""
    return {f"email:{email}": FREE_PER_EMAIL, f"address:{address}": FREE_PER_ADDRESS}


def pause_after(failures: int, free: int) -> timedelta:
    """How long the next attempt must wait after so many failures."""
    if failures < free:
        return timedelta(0)
    return min(timedelta(seconds=2.0 ** min(failures - free, 30)), MAX_PAUSE)


async def reserve(db: AsyncSession, counted: dict[str, int], now: datetime) -> timedelta:
    """Count an attempt; zero when it may go on, else how long to wait (then nothing was counted)."""
    await _lock(db, counted, now)
    rows = (await db.execute(select(SignInAttempt).where(col(SignInAttempt.subject).in_(counted)))).scalars().all()
    waits = [row.blocked_until - now for row in rows if row.blocked_until and row.blocked_until > now]
    if waits:
        return max(waits)
    for row in rows:
        row.failures += 1
        row.last_at = now
        pause = pause_after(row.failures, counted[row.subject])
        row.blocked_until = now + pause if pause else None
    await db.flush()
    return timedelta(0)


async def forgive(db: AsyncSession, email: str, address: str) -> None:
    """The password was right: the e-mail starts afresh; the address only gets this attempt back.

    Otherwise somebody with one good account could guess at others without end.
    """
    await db.execute(delete(SignInAttempt).where(col(SignInAttempt.subject) == f"email:{email}"))
    await db.execute(
        update(SignInAttempt)
        .where(col(SignInAttempt.subject) == f"address:{address}")
        .values(
            failures=func.greatest(col(SignInAttempt.failures) - 1, 0),
            blocked_until=case(
                (col(SignInAttempt.failures) <= FREE_PER_ADDRESS, None), else_=col(SignInAttempt.blocked_until)
            ),
        )
    )


async def forget_old(db: AsyncSession, now: datetime) -> None:
    """Drop counters nobody added to for a day."""
    await db.execute(
        delete(SignInAttempt).where(
            col(SignInAttempt.last_at) < now - FORGET_AFTER,
            or_(col(SignInAttempt.blocked_until).is_(None), col(SignInAttempt.blocked_until) < now),
        )
    )


async def _lock(db: AsyncSession, counted: dict[str, int], now: datetime) -> None:
    """Create the counters where missing and hold them till the end of the transaction, in one fixed order."""
    await forget_old(db, now)
    rows = [{"subject": subject, "failures": 0, "last_at": now} for subject in sorted(counted)]
    await db.execute(insert(SignInAttempt).values(rows).on_conflict_do_nothing())
    await db.execute(
        select(col(SignInAttempt.subject))
        .where(col(SignInAttempt.subject).in_(counted))
        .order_by(col(SignInAttempt.subject))
        .with_for_update()
    )
