"""Checks the formulas of a step before it runs: can they be read, do kinds fit, does the result fit the field."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from potok.graph.formula_values import is_formula
from potok.graph.formulas import Checked, FormulaError, Mistake, Scope, Type, check, formula, of_schema
from potok.graph.formulas.types import ANY, fits, record_of
from potok.graph.model import Node
from potok.graph.problems import Problem
from potok.graph.values import Path
from potok.sdk.node import NodeType

_SAID_ELSEWHERE = frozenset({"unknown_field", "unknown_field_near"})
"""`references` warns of keys a step never yields, for pills and formulas alike."""
_WANTED = {"number": "number", "integer": "number", "boolean": "boolean", "array": "list"}


def step_type(node: Node, node_type: NodeType | None) -> Type:
    """What is known about the output of a step: for checks and for completion."""
    if node_type is None or node.disabled:
        return ANY
    schema = node_type.output_schema
    named = node.params.get(schema["x-keys-from"]) if "x-keys-from" in schema else None
    if isinstance(named, list):
        names = [one.get("name") for one in named if isinstance(one, dict)]
        return record_of({name: ANY for name in names if isinstance(name, str)})
    return of_schema(schema)


def formula_problems(
    node: Node, places: Mapping[str, int], nodes: Sequence[Node], types: Mapping[str, NodeType]
) -> Iterator[Problem]:
    """Everything wrong with the formulas of this step. `places`: node id -> its position among `nodes`."""
    for path, text in formulas_in(node.params):
        if not text.strip() and len(path) == 1:
            continue  # an empty field, which `params` speaks of
        where = ("params", *map(str, path), "$formula")
        field = str(path[0]) if path else ""
        checked = _checked(text, places, nodes, types)
        for mistake in checked.mistakes:
            if mistake.code not in _SAID_ELSEWHERE:
                yield Problem("formula_wrong", "error", node.id, where, _params(mistake, field), node.type)
        wanted = _wanted(path, types.get(node.type))
        if not checked.mistakes and wanted and not fits(checked.type, wanted):
            params = {"field": field, "wanted": wanted, "found": checked.type.kind}
            yield Problem("formula_result", "error", node.id, where, params, node.type)


def formulas_in(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every formula inside a value: (where, text)."""
    stack: list[tuple[Path, Any]] = [(path, value)]
    while stack:
        place, item = stack.pop()
        if is_formula(item):
            yield place, item["$formula"]
        elif isinstance(item, dict):
            stack.extend(((*place, key), inner) for key, inner in reversed(item.items()))
        elif isinstance(item, list):
            stack.extend(((*place, index), item[index]) for index in range(len(item) - 1, -1, -1))


def _checked(
    text: str, places: Mapping[str, int], nodes: Sequence[Node], types: Mapping[str, NodeType]
) -> Checked:
    try:
        compiled = formula(text)
    except FormulaError as error:
        return Checked(ANY, [error.mistake])
    steps: dict[str, Type] = {}
    for path in compiled.paths:
        name = str(path[0])
        if name.startswith("@"):  # one that is not there is spoken of by `references`
            at = places.get(name[1:])
            steps[name[1:]] = step_type(nodes[at], types.get(nodes[at].type)) if at is not None else ANY
    return check(compiled.tree, Scope({}, steps))


def _params(mistake: Mistake, field: str) -> dict[str, Any]:
    place = {"field": field, "reason_code": mistake.code, "start": mistake.start, "end": mistake.end}
    return {**mistake.params, **place, "position": mistake.start + 1}


def _wanted(path: Path, node_type: NodeType | None) -> str:
    """The kind the field needs, where the formula is all of it and the schema says so plainly."""
    if len(path) != 1 or node_type is None:
        return ""
    field = node_type.input_schema.get("properties", {}).get(path[0], {})
    return _WANTED.get(str(field.get("type")), "")
