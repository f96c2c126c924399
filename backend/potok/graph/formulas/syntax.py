"""The tree of a formula: small frozen shapes. Two trees are equal when they say the same, wherever it stood."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias


class Span(NamedTuple):
    """Characters of the text, `end` not included."""

    start: int
    end: int


NOWHERE = Span(-1, -1)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, yes or no, or nothing."""

    value: Decimal | str | bool | None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """`@hook`: what the step with this id yielded."""

    id: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """`deal`: something the place of the formula offers, or `item` of a list function."""

    name: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """`deal.sum`; of a list: that field of every item."""

    holder: "Expr"
    key: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Index:
    """`items[1]`, the first; `items[-1]`, the last; `record["a name"]`."""

    holder: "Expr"
    index: "Expr"
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `+x`."""

    sign: str
    operand: "Expr"
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Percent:
    """`20%`."""

    operand: "Expr"
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`left sign right`."""

    sign: str
    left: "Expr"
    right: "Expr"
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`SUM(...)`; `name` is the function's English name, whatever was typed."""

    name: str
    args: tuple["Expr", ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Lambda:
    """`order => order.sum`, as an argument of a list function."""

    name: str
    body: "Expr"
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Items:
    """`{1; 2; 3}`."""

    items: tuple["Expr", ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Expr: TypeAlias = Constant | Step | Name | Member | Index | Unary | Percent | Binary | Call | Lambda | Items


def children(node: Expr) -> tuple[Expr, ...]:
    """The parts of a node, in the order they are written."""
    match node:
        case Member(holder=holder):
            return (holder,)
        case Index(holder=holder, index=index):
            return (holder, index)
        case Unary(operand=operand) | Percent(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Call(args=args):
            return args
        case Items(items=items):
            return items
        case Lambda(body=body):
            return (body,)
        case _:
            return ()


def walk(node: Expr) -> Iterator[tuple[Expr, int]]:
    """Every node with its depth (the root has 1); without recursion, so any tree will do."""
    stack = [(node, 1)]
    while stack:
        found, depth = stack.pop()
        yield found, depth
        stack.extend((child, depth + 1) for child in reversed(children(found)))
