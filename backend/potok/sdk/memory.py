"""`ctx.memory`: what scenarios remember between runs, answered once however often a step is repeated."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from potok.sdk.staging import without_nul

Scope = Literal["scenario", "workspace"]
VariableKind = Literal["text", "number", "boolean", "json"]
LONGEST = timedelta(days=366)
"""How long something seen is remembered at most, and without a time of its own."""
MAX_VALUE = 64 * 1024
MAX_DIGITS = 60
_LONG_KEY = 200


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """Was it seen within this time? `shared`: the name under which scenarios remember together; empty: alone."""

    key: str
    within: timedelta
    shared: str = ""


@dataclass(frozen=True, slots=True)
class GetVariable:
    """What does it hold?"""

    name: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class SetVariable:
    """From now on it holds this. `value` is plain JSON; a number is its text."""

    name: str
    scope: Scope
    kind: VariableKind
    value: Any


@dataclass(frozen=True, slots=True)
class AddToVariable:
    """Add to the number it holds; one that does not exist holds zero."""

    name: str
    scope: Scope
    amount: Decimal


Question = FirstSeen | GetVariable | SetVariable | AddToVariable
Recall = Callable[[str, Question], Awaitable[Any]]
"""(effect key, question) -> the answer as plain JSON."""


class MemoryRefused(Exception):
    """It cannot be remembered; `reason`: not_a_number (the variable holds something else), too_large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Seen:
    """Which run saw it first, when, and how often it was seen until now, this time counted."""

    first_run_id: str
    first_at: datetime
    times: int

    @property
    def new(self) -> bool:
        """Nobody had seen it before."""
        return self.times == 1


class Memory:
    """Asks the store, in a transaction that keeps the answer under the step's effect key."""

    __slots__ = ("_asked", "_key", "_recall")

    def __init__(self, recall: Recall | None, key: Callable[[], str]) -> None:
        self._recall = recall
        self._key = key
        self._asked = ("", 0)

    async def first_seen(self, key: str, *, within: timedelta | None = None, shared: str = "") -> Seen:
        """Whether this is new: to this scenario, or to all that remember under the name `shared`."""
        span = LONGEST if within is None else min(within, LONGEST)
        told = await self._ask(FirstSeen(_short(key), span, without_nul(shared)))
        return Seen(told["first_run_id"], datetime.fromisoformat(told["first_at"]), told["times"])

    async def get(self, name: str, *, scope: Scope = "scenario") -> Any:
        """What a variable holds (a number as Decimal); None when there is none."""
        told = await self._ask(GetVariable(without_nul(name), scope))
        return _value(told)

    async def set(self, name: str, value: Any, *, kind: VariableKind, scope: Scope = "scenario") -> Any:
        """Let a variable hold this; what it held before. Raises MemoryRefused (too_large)."""
        if kind == "number" and digits_of(value) > MAX_DIGITS:
            raise MemoryRefused("too_large")
        plain = format(value, "f") if kind == "number" else value
        if len(json.dumps(plain, ensure_ascii=False).encode()) > MAX_VALUE:
            raise MemoryRefused("too_large")
        return _value(await self._ask(SetVariable(without_nul(name), scope, kind, plain)))

    async def add(self, name: str, amount: Decimal, *, scope: Scope = "scenario") -> Decimal:
        """Add to a number, whoever else does at the same time; its new value. Raises MemoryRefused."""
        if digits_of(amount) > MAX_DIGITS:
            raise MemoryRefused("too_large")
        told = await self._ask(AddToVariable(without_nul(name), scope, amount))
        if told is None:
            raise MemoryRefused("not_a_number")
        return Decimal(told["value"])

    async def _ask(self, question: Question) -> Any:
        if self._recall is None:
            raise RuntimeError("only a step of a run remembers anything")
        await asyncio.sleep(
            0
        )  # a step that was begun without the event loop is begun again with it: here, in time
        key = self._key()
        number = self._asked[1] + 1 if self._asked[0] == key else 0
        self._asked = (key, number)
        return await self._recall(f"{key}.{number}" if number else key, question)


def _value(told: Any) -> Any:
    if told is None:
        return None
    return Decimal(told["value"]) if told["kind"] == "number" else told["value"]


def _short(key: str) -> str:
    key = without_nul(key)
    return key if len(key) <= _LONG_KEY else f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def digits_of(number: Decimal) -> int:
    """How long it is when written out."""
    short = number.is_finite() and abs(number.adjusted()) <= MAX_DIGITS
    return len(format(number, "f")) if short else MAX_DIGITS + 1


def plain_number(number: Decimal) -> int | float | str:
    """A JSON number where that is exact, else text with all digits."""
    if number == number.to_integral_value() and number.copy_abs() <= 2**53:
        return int(number)
    near = float(number)
    text = format(number, "f")
    return near if Decimal(repr(near)) == number else text.rstrip("0").rstrip(".") if "." in text else text
