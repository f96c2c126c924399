"""Numbered places where a process may die, for crash tests; switched off it is not in the way of anything.

Every statement that changes something, every commit, every way out and every announcement is a point. A point is
named by what happens there and the how-manyeth time it is (`after commit of checkpoint + intent#2`), or numbered.
"""

import asyncio
import os
import re
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

import asyncpg

from potok.engine.ports import Live, Progress, Reply
from potok.sdk.ctx import HttpClient, Response

if TYPE_CHECKING:
    _Plain: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    _Plain = asyncpg.Connection

_COMMENT = re.compile(r"\s*--\s*([\w ]+)\n")
_VERBS = re.compile(r"(?<!FOR )(?<!DO )\b(INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)")
_TRANSACTION = ("begin", "commit", "rollback")
_QUIET = ("renew", "owner")
"""Statements that come by the clock and change nothing a person would notice: their number is not repeatable."""


class Died(asyncio.CancelledError):
    """This process counts as dead. A cancellation, so that every task it meets ends there and handles nothing."""


class Faults:
    """Counts the points as they are reached; at the one named or numbered `at`, `die` is called and that is it."""

    def __init__(self, at: str, die: Callable[[], Awaitable[None]]) -> None:
        self.at = at
        self.dead = False
        self.points: list[str] = []
        """Every point reached, in order."""
        self._die = die
        self._times: Counter[str] = Counter()

    async def reach(self, name: str) -> None:
        """A process passes here. Raises Died when it may not."""
        if self.dead:
            raise Died(name)
        self._times[name] += 1
        point = f"{name}#{self._times[name]}"
        self.points.append(point)
        if self.at in (point, str(len(self.points))):
            self.dead = True
            await self._die()
            raise Died(name)

    def connection_class(self) -> type[_Plain]:
        """A database connection whose statements are points."""
        return type("FaultyConnection", (_Connection,), {"faults": self})


def statement(query: str) -> str:
    """What a statement does: its leading comment, or its verbs; empty when it only reads."""
    if found := _COMMENT.match(query):
        return found.group(1).strip()
    first = query.split(maxsplit=1)[0].rstrip(";").lower() if query.strip() else ""
    if first in _TRANSACTION:
        return first
    verbs = [f"{verb.split()[0].lower()} {table}" for verb, table in _VERBS.findall(query)]
    return "+".join(dict.fromkeys(verbs))


class _Connection(_Plain):
    faults: Faults
    written: tuple[str, ...] = ()
    """What the open transaction has done so far."""

    async def execute(self, query: str, *args: Any, **options: Any) -> str:
        name = self._name(query)
        await self._before(name)
        answer: str = await super().execute(query, *args, **options)
        await self._after(name, bool(name))
        return answer

    async def fetch(self, query: str, *args: Any, **options: Any) -> list[Any]:
        name = self._name(query)
        await self._before(name)
        rows: list[Any] = await super().fetch(query, *args, **options)
        await self._after(name, bool(rows))
        return rows

    async def fetchrow(self, query: str, *args: Any, **options: Any) -> Any:
        await self._before("")
        return await super().fetchrow(query, *args, **options)

    async def fetchval(self, query: str, *args: Any, **options: Any) -> Any:
        await self._before("")
        return await super().fetchval(query, *args, **options)

    def _name(self, query: str) -> str:
        # How often somebody looks for work in vain differs from run to run: only finding some is a point.
        name = statement(query)
        if name in _TRANSACTION:
            written, self.written = self.written, ()
            return f"commit of {' + '.join(written)}" if name == "commit" and written else ""
        if name in _QUIET:
            return ""
        if name and self.is_in_transaction():
            self.written += (name,)
        return name

    async def _before(self, name: str) -> None:
        if self.faults.dead:
            raise Died(name)
        if name and name != "claim":
            await self.faults.reach(f"before {name}")

    async def _after(self, name: str, found: bool) -> None:
        if name and found:
            await self.faults.reach(f"after {name}")


class FaultyHttp:
    """The way out, with a point on either side."""

    def __init__(self, inner: HttpClient, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    async def request(self, method: str, url: str, **options: Any) -> Response:
        """See HttpClient."""
        await self._faults.reach(f"before {method} request")
        answer = await self._inner.request(method, url, **options)
        await self._faults.reach(f"after {method} request")
        return answer


class FaultyLive:
    """Announcements, with a point before each: they come after the commit they tell of."""

    def __init__(self, inner: Live, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    async def publish(self, progress: Sequence[Callable[[], Progress]], scenarios: Sequence[UUID]) -> None:
        """See Live."""
        await self._faults.reach("before announcing")
        await self._inner.publish(progress, scenarios)

    async def reply(self, replies: Sequence[Reply]) -> None:
        """See Live."""
        await self._faults.reach("before replying")
        await self._inner.reply(replies)


def from_environment(environment: Mapping[str, str]) -> Faults | None:
    """Faults that kill this very process at the point named by POTOK_FAULT; None without it."""
    at = environment.get("POTOK_FAULT", "")
    return Faults(at, _kill) if at else None


async def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
