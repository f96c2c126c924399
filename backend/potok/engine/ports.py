"""What the engine needs from outside: a durable store, a queue, a live channel, node types."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from potok.engine.gates import Ask, Turn
from potok.engine.ports_blobs import Needs
from potok.engine.ports_live import Json as Json
from potok.engine.ports_live import Live as Live
from potok.engine.ports_live import Progress as Progress
from potok.engine.ports_live import Queue as Queue
from potok.engine.ports_live import Reply as Reply
from potok.engine.questions import Asking
from potok.graph.almanac import Almanac
from potok.graph.model import Graph
from potok.sdk.node import NodeType
from potok.sdk.staging import Staged


class StoreUnavailable(Exception):
    """The database does not answer; nothing was written, or it is not known whether it was. Try again."""


class PayloadRefused(Exception):
    """The database answers but refuses this very row; the message names the cause."""


@dataclass(slots=True)
class NewRun:
    """A run to be started by an event."""

    id: UUID
    workspace_id: UUID
    scenario_id: UUID
    version_id: UUID
    entry_node: str


@dataclass(slots=True)
class NewEvent:
    """Something that happened. `payload` and `considered` are JSON as bytes, stored exactly as given."""

    id: UUID
    workspace_id: UUID
    kind: str
    source: str
    dedupe_key: str | None
    payload: bytes
    considered: bytes
    runs: Sequence[NewRun]
    stopped: Sequence[UUID] = ()
    """Scenarios it was meant for and did not start; `considered` says why."""
    weight: int = 0
    """Bytes a run reads back because they are kept apart from the payload; told by the store."""


@dataclass(slots=True)
class Accepted:
    """The event is on disk. A duplicate answers the first event's id and runs."""

    event_id: UUID
    run_ids: Sequence[UUID]
    duplicate: bool = False


@dataclass(slots=True)
class ClaimedRun:
    """A run that is ours until the lease ends. `claim` is the fence of every later write."""

    run_id: UUID
    claim: int
    attempts: int
    workspace_id: UUID
    scenario_id: UUID
    version_id: UUID
    event_id: UUID
    entry_node: str
    status: str
    created_at: datetime
    payload: str
    """The event payload as JSON text."""
    segments: int = 0
    journal: list[Json] = field(default_factory=list)
    """Entries of all earlier segments, oldest first."""
    ledger: dict[str, "Settled"] = field(default_factory=dict)
    """Effects settled behind the run's back, by key: by a late receipt or a person's answer."""
    parent: UUID | None = None
    """The run that called this one and waits for it."""
    depth: int = 0
    """How many runs called one another until this one."""
    needs: Needs | None = None
    """Large values `Store.load` has to put back first."""
    endings: dict[str, Reply] = field(default_factory=dict)
    """How runs ended that this one called, by their ids."""
    heard: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Data of the signals that came, by (node, item)."""


@dataclass(slots=True)
class Settled:
    """What an effect came to behind the run. `answer`: late (its receipt); sent, again, skip (a person)."""

    answer: str
    state: str
    port: str | None = None
    receipt: Any = None


@dataclass(slots=True)
class VersionDoc:
    """A published graph. Immutable, so it may be cached for ever."""

    version_id: UUID
    scenario_id: UUID
    workspace_id: UUID
    number: int
    graph: Graph


@dataclass(slots=True)
class Intent:
    """An outward effect about to happen; committed before it does."""

    key: str
    node_id: str
    node_type: str
    preview: str
    attempt: int = 1


@dataclass(slots=True)
class Receipt:
    """What became of an outward effect: state done, failed or unknown, and the proof as JSON."""

    key: str
    state: str
    receipt: bytes | None = None
    port: str | None = None
    """The way out the step took; kept of late receipts only, the journal knows the others."""
    leftover: bool = False
    """Nobody will hear more of it, because its run is over: counts only if nothing was heard yet."""

    def fits(self, state: str | None) -> bool:
        """Whether the effect, which is in this state so far, takes it."""
        return state is not None and (not self.leftover or state in ("intended", "retrying"))


@dataclass(slots=True)
class WaitUntil:
    """A moment at which a parked run goes on."""

    node_id: str
    fire_at: datetime
    item: str = ""
    """Which item of the loops around it, such as "3.0"."""
    working: Json | None = field(default=None, kw_only=True)
    """A wait in working time: what it takes to reckon the moment again when the calendar changes."""
    kind: str = "wait"
    """wait: the step asked for it; retry: the step is tried again; deadline: the run may not take longer;
    limit: its turn has come."""


@dataclass(slots=True)
class Listen:
    """A step that waits for a signal, at the longest until a moment."""

    node_id: str
    item: str
    name: str
    key: str
    until: datetime | None = None


@dataclass(slots=True)
class NewCall:
    """A run that another run starts. `waits`: it wakes its caller when it ends."""

    run: NewRun
    event_id: UUID
    payload: bytes
    depth: int
    waits: bool


@dataclass(slots=True)
class Checkpoint:
    """All that a run has to write now, in one transaction. `entries` is a JSON list of journal entries.

    `keep` holds the lease, else the run leaves the work table (it finished or parked).
    """

    run_id: UUID
    claim: int
    workspace_id: UUID
    scenario_id: UUID
    keep: bool
    status: str
    seq: int = 0
    entries: bytes | None = None
    steps: int = 0
    end_name: str | None = None
    result: bytes | None = None
    error: bytes | None = None
    finished: bool = False
    staged: Sequence[tuple[str, str, Staged]] = ()
    """(effect key, node id, what to write) for Potok's own rows."""
    intents: Sequence[Intent] = ()
    receipts: Sequence[Receipt] = ()
    waits: Sequence[WaitUntil] = ()
    asks: Sequence[str] = ()
    """Keys of effects a person is asked about; an answer that came meanwhile makes the parked run ready."""
    calls: Sequence[NewCall] = ()
    """Runs to start in this very transaction."""
    awaits: Sequence[UUID] = ()
    """Runs a parked run waits for; one that has ended meanwhile makes it ready at once."""
    listens: Sequence[Listen] | None = None
    """All the signals the run waits for now; None: as it was. Of those that came a parked run is ready at once."""
    parent: UUID | None = None
    """The run to wake when this one has finished."""
    had_waits: bool = False
    """The run planned timers earlier; finishing cancels what is left of them."""
    releases: Sequence[str] = ()
    """Places at limits to give back, by holder."""
    queued: Sequence[str] = ()
    """Holders of the run that wait for a place; those that have one now are told, or make the parked run ready."""
    limited: bool = False
    """The run may hold places at limits; finishing gives them back."""
    had_large: bool = False
    """The run read large values; finishing lets go of those that were kept for it alone."""


@dataclass(slots=True)
class Committed:
    """What became of one checkpoint: written, lost (somebody else owns the run), or refused for a named cause."""

    written: bool
    refused: str = ""
    ready: Sequence[UUID] = ()
    """Other runs that this group made ready: a signal came, or a place at a limit became free."""
    granted: Sequence[str] = ()
    """Holders of this very run that waited for a place at a limit and have it now."""


@dataclass(slots=True)
class DueTimer:
    """A timer whose moment has come, locked for the one who asked."""

    id: UUID
    kind: str
    workspace_id: UUID
    scenario_id: UUID
    version_id: UUID | None
    run_id: UUID | None
    node_id: str
    fire_at: datetime
    misfire: str


@dataclass(slots=True)
class Firing:
    """What a due timer does. `event` starts runs; `next_at` plans a schedule's successor, for `version_id`."""

    timer_id: UUID
    state: str = "fired"
    reason: str = ""
    event: NewEvent | None = None
    next_at: datetime | None = None
    version_id: UUID | None = None
    missed: Sequence[tuple[datetime, str]] = ()
    """Moments of the schedule that never fire, each with the reason."""


class Store(Protocol):
    """The durable truth. Every method is one transaction; times of leases are the store's own clock."""

    async def ingest(self, events: Sequence[NewEvent]) -> list[Accepted | PayloadRefused]:
        """Write events with their runs; one answer per event, in order. Raises StoreUnavailable."""
        ...

    async def claim(
        self,
        owner: str,
        lease: float,
        limit: int,
        run_ids: Sequence[UUID] | None = None,
        older_than: float = 0.0,
        most_bytes: int | None = None,
    ) -> list[ClaimedRun]:
        """Take ready runs nobody holds: the given ones, or any that have been ready for `older_than` seconds.

        `most_bytes` bounds the large payloads among them; of 0 none is taken, of more at least one. Large values
        stay where they are until `load`.
        """
        ...

    async def load(self, run: ClaimedRun) -> bool:
        """Put the large values back that the run `needs`; False when one is gone."""
        ...

    async def renew(self, held: Sequence[tuple[UUID, int]], lease: float) -> set[UUID]:
        """Prolong leases given as (run, claim); the ids still ours."""
        ...

    async def release(self, held: Sequence[tuple[UUID, int]]) -> None:
        """Give runs back at once."""
        ...

    async def commit(self, checkpoints: Sequence[Checkpoint], lease: float) -> list[Committed]:
        """Write checkpoints, at most one a run, each fenced by its claim; one answer per checkpoint, in order."""
        ...

    async def admit(self, asks: Sequence[Ask]) -> list[Turn]:
        """Let runs and steps pass their limits, first come first served; one answer per ask, in order."""
        ...

    async def settle(self, receipts: Sequence[Receipt]) -> list[UUID]:
        """Keep receipts of a run that was taken from us; the runs that an answer makes ready.

        Needs no claim: a receipt tells what has happened, and only an effect nobody has settled takes it.
        """
        ...

    async def version(self, version_id: UUID) -> VersionDoc | None:
        """The published graph."""
        ...

    async def fire_due(
        self, limit: int, decide: Callable[[list[DueTimer]], Awaitable[list[Firing]]]
    ) -> list[UUID]:
        """Fire timers whose moment has come, each once whoever asks; the runs that became ready."""
        ...

    async def next_fire(self) -> float | None:
        """Seconds until the next planned timer (0 when due); None when there is none."""
        ...

    async def published(self, workspace_id: UUID, scenario_id: UUID) -> tuple[UUID | None, bool] | None:
        """The published version of a scenario of this workspace, and whether it is switched on; None: no such."""
        ...

    async def ending(self, run_id: UUID) -> Reply | None:
        """How a run ended, None while it has not."""
        ...

    async def remember(self, asking: Asking) -> Any:
        """The answer to a step's question, kept with what it changed. Raises NotOurs, StoreUnavailable."""
        ...

    async def heard(self, run_id: UUID) -> dict[tuple[str, str], Any]:
        """Data of the signals that came for a run's waiting steps, by (node, item)."""
        ...


class NodeTypes(Protocol):
    """The node types of this process."""

    @property
    def hash(self) -> str:
        """Changes whenever any node type changes."""
        ...

    def get(self, type_id: str, /) -> NodeType | None:
        """The node type, or None when no plugin provides it."""
        ...


class Calendars(Protocol):
    """The working calendars and the time zone of each workspace, kept in memory for a moment."""

    async def ready(self, workspace_id: UUID) -> None:
        """Have those of the workspace at hand, at most a second old. Raises StoreUnavailable."""
        ...

    def get(self, workspace_id: UUID) -> Almanac:
        """What was last at hand; `ready` comes first."""
        ...


class Clock(Protocol):
    """Aware UTC now."""

    def __call__(self) -> datetime:
        """The present moment."""
        ...
