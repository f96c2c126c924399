"""What a registered node type is: the one description that engine, Catalog and validator share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel

from potok.sdk.records import RecordChange

Effect = Literal["pure", "read", "record", "outward"]
"""What a repeat would change: nothing, nothing but time, Potok's own rows, the outside world."""

Control = Literal["", "join", "loop", "call"]
Start = Literal["", "webhook", "manual", "schedule", "record"]

Unknown = Literal["ask", "retry"]
"""What to do when a crash hid the outcome of an outward effect. `retry` only if the receiver takes our key."""


class Kind(StrEnum):
    """The three kinds of executable block."""

    TRIGGER = "trigger"
    CONDITION = "condition"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Port:
    """A way out of a node. `title` is shown on the wire; empty for the plain way out."""

    id: str
    title: str = ""


@dataclass(slots=True)
class NodeType:
    """One node type, read from a decorated function.

    `call` takes `(ctx, **params)` after validation by `input`; for a trigger it is None unless the trigger
    polls. Ports are fixed, or one per item of the list parameter `ports_from` (each item has `id` and `title`),
    followed by the fixed ones. A `call` that is no coroutine function blocks: it must run in a thread.
    """

    id: str
    version: int
    kind: Kind
    input: type[BaseModel]
    output_schema: dict[str, Any]
    call: Callable[..., Awaitable[Any]] | None
    effect: Effect = "pure"
    effect_of: Callable[[BaseModel], Effect] | None = None
    """Where the effect depends on the settings (HTTP GET reads, POST acts); else `effect` holds."""
    unknown: Unknown = "ask"
    ports: tuple[Port, ...] = (Port("out"),)
    ports_from: str | None = None
    title: str = ""
    help: str = ""
    icon: str = "box"
    group: str = "other"
    sample: Any = None
    net: tuple[str, ...] = ()
    timeout: float = 60.0
    """Seconds one call may take."""
    start: Start = ""
    """How a trigger starts; empty for other kinds."""
    control: Control = ""
    """What the engine itself does in place of calling a function; empty for ordinary steps."""
    next_fire: Callable[[BaseModel, datetime], datetime | None] | None = None
    """Schedule triggers: the next moment strictly after the given aware UTC time, or None when there is none."""
    accept: Callable[[BaseModel, Any], Any] | None = None
    """Triggers: the payload as it enters the event, checked against the settings; UserError refuses it."""
    match: Callable[[BaseModel, RecordChange], str | None] | None = None
    """Record triggers: None when the change starts it, else why not; empty when it is not about such changes."""
    preview: Callable[..., str] | None = None
    migrations: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)
    options: dict[str, Callable[..., Awaitable[Any]]] = field(default_factory=dict)
    input_schema: dict[str, Any] = field(default_factory=dict)
    """JSON Schema of `input` with title, `x-kind` and `x-order` on every property."""
    plugin: str = ""
    """Id of the plugin it came from; set by the registry."""
