"""What a node may answer besides a plain value, and the errors it may raise."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from potok.sdk.working import WorkingWait


@dataclass(frozen=True, slots=True)
class Branch:
    """Leave by this port with this output."""

    port: str
    output: Any = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal to wait for: its name, and which of that name (such as an order's number; may be empty)."""

    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Suspend the run until an aware moment, until a signal comes, or until whichever is first.

    When the moment comes the step yields `output` and leaves by `port`; with a signal it yields the signal's data
    and leaves by "out".
    """

    until: datetime | None = None
    output: Any = None
    signal: Signal | None = None
    port: str = "out"
    working: WorkingWait | None = None
    """Where a calendar decides: if it changes the wait moves, and `until` in the output (an object) with it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the run now. `name` is the scenario's named end; `result` answers a synchronous caller."""

    success: bool
    name: str = ""
    message: str = ""
    result: Any = None


class NodeError(Exception):
    """Root of the errors a node raises on purpose.

    NodeError
    +-- UserError     the settings or the data are wrong; a person can mend it
    +-- Retry         try again later
    |   +-- RateLimited   the other side asked us to slow down
    +-- AuthExpired   the connection must be renewed
    """


class UserError(NodeError):
    """Names the field, says what is wrong and how to mend it.

    `code` names an entry `errors.<code>` = [message, fix] in the plugin's `locales/*.json`; the screen then shows
    it in the reader's language with `params` filled in, and `message` / `fix` serve where there is none.
    """

    def __init__(self, field: str, message: str, fix: str = "", *, code: str = "", **params: Any) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.fix = fix
        self.code = code
        self.params = params


class Retry(NodeError):
    """Nothing happened yet; try again after so many seconds (None: the engine's backoff)."""

    def __init__(self, message: str = "", after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.after = after


class RateLimited(Retry):
    """The other side refused because of its rate limit."""


class AuthExpired(NodeError):
    """The credentials no longer work."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message
