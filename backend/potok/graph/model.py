"""The scenario document: nodes, edges and values, as stored, exchanged and executed."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT: Literal["potok/1"] = "potok/1"

NodeId = Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9_-]{0,63}$")]
"""Stable for life: references hold it. Renaming a step changes `title`, never the id."""


class Position(BaseModel):
    """Where the node's top-left corner stands on the canvas, in canvas units (pixels at zoom 1)."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    x: float
    y: float


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
    nodes: list[Node] = Field(default_factory=list)
    edges: list[Edge] = Field(default_factory=list)
