"""What a formula depends on, and the order in which formulas that depend on one another are reckoned."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from potok.graph.formulas.compiler import ITEM_NAMES
from potok.graph.formulas.functions import FUNCTIONS
from potok.graph.formulas.syntax import Call, Constant, Expr, Index, Lambda, Member, Name, Step, children
from potok.graph.order import components, cycle_in

Path: TypeAlias = tuple[str | int, ...]
"""`@hook.body.items[1]` is ("@hook", "body", "items", 0): places count from 0 here, as in pills."""


def dependencies(tree: Expr) -> frozenset[Path]:
    """The paths a formula reads: from a step (`@id`) or a name, as far as the keys are written out."""
    return frozenset(path for path, _ in references(tree))


def references(tree: Expr) -> Iterator[tuple[Path, Expr]]:
    """Every path with the part of the tree that names it."""
    stack: list[tuple[Expr, frozenset[str]]] = [(tree, frozenset())]
    while stack:
        node, bound = stack.pop()
        if isinstance(node, Step | Name | Member | Index):
            path, inner = _path(node, bound)
            if path is not None:
                yield path, node
            stack.extend((one, bound) for one in inner)
        elif isinstance(node, Call):
            stack.extend(_arguments(node, bound))
        elif isinstance(node, Lambda):
            stack.append((node.body, bound | {node.name}))
        else:
            stack.extend((child, bound) for child in children(node))


def _arguments(node: Call, bound: frozenset[str]) -> Iterator[tuple[Expr, frozenset[str]]]:
    function = FUNCTIONS[node.name]
    for place, arg in enumerate(node.args):
        param = function.param(place)
        takes_formula = param is not None and param.kind == "formula" and not isinstance(arg, Lambda)
        yield arg, bound | ITEM_NAMES if takes_formula else bound


def _path(node: Expr, bound: frozenset[str]) -> tuple[Path | None, list[Expr]]:
    """The path of a chain (None if it does not begin with a step or a free name), and other parts to look into."""
    keys: list[str | int | None] = []
    inner: list[Expr] = []
    while isinstance(node, Member | Index):
        if isinstance(node, Member):
            keys.append(node.key)
        else:
            key = _constant_key(node.index)
            keys.append(key)
            if key is None:
                inner.append(node.index)
        node = node.holder
    if isinstance(node, Step):
        root = f"@{node.id}"
    elif isinstance(node, Name) and node.name not in bound:
        root = node.name
    else:
        return None, inner if isinstance(node, Name) else [*inner, node]
    keys.reverse()
    known = keys[: keys.index(None)] if None in keys else keys
    return (root, *(key for key in known if key is not None)), inner


def _constant_key(index: Expr) -> str | int | None:
    if isinstance(index, Constant):
        if isinstance(index.value, str):
            return index.value
        value = index.value
        if isinstance(value, Decimal) and 1 <= value < 10**9 and value == value.to_integral_value():
            return int(value) - 1
    return None


class CycleError(Exception):
    """Formulas that need one another. `path` goes round and ends where it began."""

    def __init__(self, path: tuple[Path, ...]) -> None:
        super().__init__(" -> ".join(".".join(map(str, one)) for one in path))
        self.path = path


def order(formulas: Mapping[Path, Expr]) -> list[Path]:
    """The order of reckoning: each after those it reads. Raises CycleError."""
    keys = list(formulas)
    places = {key: place for place, key in enumerate(keys)}
    below: dict[Path, list[int]] = {}
    for key, place in places.items():
        for length in range(1, len(key)):
            below.setdefault(key[:length], []).append(place)
    links = [sorted(_needed(formulas[key], places, below)) for key in keys]
    found: list[Path] = []
    for part in components(links):  # those that others need come first
        if len(part) > 1 or part[0] in links[part[0]]:
            ring = cycle_in(part, links)
            raise CycleError(tuple(keys[place] for place in (*ring, ring[0])))
        found.append(keys[part[0]])
    return found


def _needed(tree: Expr, places: Mapping[Path, int], below: Mapping[Path, list[int]]) -> set[int]:
    """Formulas whose value, a part of it, or a record around it is read."""
    found: set[int] = set()
    for path in dependencies(tree):
        found.update(places[path[:length]] for length in range(1, len(path) + 1) if path[:length] in places)
        found.update(below.get(path, ()))
    return found
