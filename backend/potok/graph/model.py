"""The scenario document: nodes, edges and values, as stored, exchanged and executed."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from potok.graph.limit_settings import RunLimits, StepLimits

FORMAT: Literal["potok/1"] = "potok/1"

NodeId = Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9_-]{0,63}$")]
"""Stable for life: references hold it. Renaming a step changes `title`, never the id."""


class Position(BaseModel):
    """Where the node's top-left corner stands on the canvas, in canvas units (pixels at zoom 1)."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    x: float
    y: float


class RetryPolicy(BaseModel):
    """How a failed step is tried again: pauses grow from `first_seconds` by `factor`, up to `max_seconds` each.

    Nothing begins later than `budget_seconds` after the first attempt. `on` lists error codes, or "any".
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    attempts: int = Field(default=3, ge=1, le=100)
    first_seconds: float = Field(default=1.0, ge=0, le=86_400)
    factor: float = Field(default=2.0, ge=1, le=100)
    max_seconds: float = Field(default=300.0, ge=0, le=604_800)
    budget_seconds: float = Field(default=3_600.0, ge=0, le=2_592_000)
    on: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")], ...] = Field(
        default=("any",), min_length=1, max_length=50
    )


class NodeSettings(BaseModel):
    """What happens when a step fails, whatever its type.

    on_error: `fail` ends the run; `branch` leaves by the port `error` with {error, input}; `continue` goes on with
    nothing (null) as the output. `undo` gives the step a port `undo`: what hangs on it runs if the run fails.
    limits: how many of it at once and how often, in the whole workspace.
    start_if: conditions on what a trigger brings; where they do not hold nothing starts, and the event says why.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    on_error: Literal["fail", "branch", "continue"] = "fail"
    retry: RetryPolicy | None = None
    timeout_seconds: float | None = Field(default=None, gt=0, le=3_600)
    undo: bool = False
    limits: StepLimits | None = Field(default=None, exclude_if=lambda found: found is None)
    start_if: dict[str, Any] | None = Field(default=None, exclude_if=lambda found: found is None)


class GraphSettings(BaseModel):
    """What holds for a whole run. `run_timeout_seconds` counts from the event, waits included."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    run_timeout_seconds: float | None = Field(default=None, ge=1, le=31_536_000)
    limits: RunLimits | None = Field(default=None, exclude_if=lambda found: found is None)


ERROR_PORT = "error"
UNDO_PORT = "undo"
_PLAIN = NodeSettings()
_PLAIN_RUN = GraphSettings()


class Node(BaseModel):
    """One block. `params` holds values: literals, `{"$ref": [node, key, ...]}` or `{"$text": [part, ...]}`."""

    model_config = ConfigDict(extra="forbid")

    id: NodeId
    type: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")
    version: int = Field(default=1, ge=1)
    title: str = Field(default="", max_length=200)
    position: Position = Position(x=0, y=0)
    disabled: bool = False
    params: dict[str, Any] = Field(default_factory=dict)
    settings: NodeSettings = Field(default=_PLAIN, exclude_if=lambda found: found == _PLAIN)


class Edge(BaseModel):
    """A wire from a port of one node to another node. The plain way out is the port `out`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: NodeId
    port: str = Field(default="out", pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    target: NodeId


class Graph(BaseModel):
    """A whole scenario. Order of nodes and edges carries no meaning and is kept as given."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["potok/1"] = FORMAT
    title: str = Field(default="", max_length=200)
    settings: GraphSettings = Field(default=_PLAIN_RUN, exclude_if=lambda found: found == _PLAIN_RUN)
    nodes: list[Node] = Field(default_factory=list)
    edges: list[Edge] = Field(default_factory=list)
