"""Ctx: everything a running node may touch. The engine makes one for every step that is executed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from potok.sdk.memory import Memory, Recall
from potok.sdk.outcome import UserError
from potok.sdk.records import AskRecords, Records
from potok.sdk.staging import Notices, Outbox, Signals, Staged
from potok.sdk.working import CalendarError, Calendars, WorkingTime, WorkingWait, over


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Which run this step belongs to."""

    id: str
    scenario_id: str = ""
    scenario_title: str = ""
    workspace_id: str = ""


class Response(Protocol):
    """An HTTP answer, wholly read. `text` is decoded by its charset; `url` is where redirects ended."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...
    @property
    def text(self) -> str: ...
    @property
    def url(self) -> str: ...
    def json(self) -> Any:
        """The parsed body; raises UserError where it is not JSON."""
        ...


class HttpClient(Protocol):
    """The one way out. Raises UserError (address refused, too large), Retry (no answer), RateLimited (429)."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | list[tuple[str, str]] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # seconds, handed to the transport
        idempotency_key: str | None = None,
    ) -> Response:
        """Send one request; any status except 429 is returned, not raised."""
        ...


class Ctx:
    """Given to every node function as `ctx`.

    run             which run this is
    node_id         which step
    effect_key      the same on every repeat of this step: give it to receivers that ignore duplicates
    http            outbound HTTP, limited to the hosts the node type declared in `net`
    outbox, notices, signals   writes that are stored in the same transaction as the step's checkpoint
    memory          variables and things seen before: asked at once, each question answered once by effect key
    records         the office's own data, asked at once: each change is made once by effect key
    calendar(id)    working hours and days off of the workspace; its default calendar without an id
    over(wait)      when a WorkingWait is over
    now()           the present moment (aware, UTC); never ask the system clock, so that tests can move time
    """

    __slots__ = (
        "_memory",
        "_now",
        "_records",
        "calendars",
        "effect_key",
        "http",
        "node_id",
        "notices",
        "outbox",
        "run",
        "signals",
        "staged",
    )

    def __init__(
        self,
        *,
        run: RunInfo,
        node_id: str,
        effect_key: str,
        http: HttpClient,
        now: Callable[[], datetime],
        calendars: Calendars | None = None,
        recall: Recall | None = None,
        records: AskRecords | None = None,
    ) -> None:
        self.run = run
        self.node_id = node_id
        self.effect_key = effect_key
        self.http = http
        self._now = now
        self._memory: Memory | Recall | None = recall
        self._records: Records | AskRecords | None = records
        self.calendars = calendars
        self.staged: list[Staged] = []
        self.outbox = Outbox(self.staged)
        self.notices = Notices(self.staged)
        self.signals = Signals(self.staged)

    @property
    def memory(self) -> Memory:
        """What scenarios remember between runs."""
        if not isinstance(self._memory, Memory):
            self._memory = Memory(self._memory, lambda: self.effect_key)
        return self._memory

    @property
    def records(self) -> Records:
        """The office's own data."""
        if not isinstance(self._records, Records):
            self._records = Records(self._records, lambda: self.effect_key)
        return self._records

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return self._now()

    def calendar(self, calendar_id: str | None = None) -> WorkingTime:
        """A working calendar. Raises UserError (code no_calendar) when it is gone."""
        try:
            assert self.calendars is not None, "there are no calendars here"
            return self.calendars.get(calendar_id)
        except KeyError:
            fix = "Choose another calendar in this step."
            raise UserError("calendar", "The calendar does not exist any more.", fix, code="no_calendar") from None

    def over(self, wait: WorkingWait) -> datetime:
        """When a wait in working time is over. Raises UserError (no_calendar, no_working_time)."""
        try:
            return over(self.calendar(wait.calendar), wait)
        except CalendarError:
            said, fix = "The calendar has no such working time.", "Look at the calendar's hours, or wait for less."
            raise UserError("calendar", said, fix, code="no_working_time") from None
