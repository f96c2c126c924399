"""The scenario document: model, text format, validation. Pure: no I/O, no clock."""

from potok.graph.model import FORMAT, Edge, Graph, Node, Position
from potok.graph.parse import parse
from potok.graph.problems import Labels, Problem, Types
from potok.graph.upgrade import FormatRefused, migrate_graph, migrate_params, upgrade
from potok.graph.validate import ports_of, validate
from potok.graph.values import compile_value, refs, resolve

__all__ = [
    "FORMAT",
    "Edge",
    "FormatRefused",
    "Graph",
    "Labels",
    "Node",
    "Position",
    "Problem",
    "Types",
    "compile_value",
    "migrate_graph",
    "migrate_params",
    "parse",
    "ports_of",
    "refs",
    "resolve",
    "upgrade",
    "validate",
]
