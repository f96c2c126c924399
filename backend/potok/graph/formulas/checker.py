"""Checks a formula before it runs: names that exist, kinds that fit, and the kind of the result."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple

from potok.graph.formulas.coerce import number_in, when_in
from potok.graph.formulas.compiler import ITEM_NAMES
from potok.graph.formulas.declare import Function
from potok.graph.formulas.functions import FUNCTIONS
from potok.graph.formulas.mistakes import Mistake
from potok.graph.formulas.syntax import (
    Binary,
    Call,
    Constant,
    Expr,
    Index,
    Items,
    Lambda,
    Member,
    Name,
    Percent,
    Span,
    Step,
    Unary,
)
from potok.graph.formulas.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    EMPTY,
    MONEY,
    NUMBER,
    TEXT,
    Type,
    fits,
    join,
    list_of,
)

_AMOUNTS = frozenset({"number", "money", "text", "boolean", "empty", "record", "any"})


class Checked(NamedTuple):
    """The kind of the result, and everything wrong."""

    type: Type
    mistakes: list[Mistake]


class Scope(NamedTuple):
    """What a formula may name: things of its place, and steps by id. `other`: of a step nobody described."""

    names: Mapping[str, Type]
    steps: Mapping[str, Type] | None = None
    """None: any step may be named and yields anything."""


def check(tree: Expr, scope: Scope) -> Checked:
    """Every mistake, in the order of the text."""
    checker = _Checker(scope)
    found = checker.type_of(tree)
    return Checked(found, sorted(checker.mistakes, key=lambda one: one.start))


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._bound: list[dict[str, Type]] = []
        self.mistakes: list[Mistake] = []

    def _wrong(self, code: str, span: Span, **params: object) -> Type:
        self.mistakes.append(Mistake(code, span.start, span.end, params))
        return ANY

    def type_of(self, node: Expr) -> Type:
        match node:
            case Constant(value=value):
                return BOOLEAN if isinstance(value, bool) else _CONSTANTS[type(value).__name__]
            case Step():
                return self._step(node)
            case Name():
                return self._name(node)
            case Member():
                return self._member(node)
            case Index():
                return self._index(node)
            case Unary(sign=sign, operand=operand):
                found = self.type_of(operand)
                return found if sign == "+" else self._number(operand, found)
            case Percent(operand=operand):
                self._fit(operand, self.type_of(operand), "number")
                return NUMBER
            case Binary():
                return self._binary(node)
            case Items(items=items):
                return list_of(join([self.type_of(one) for one in items])) if items else Type("list", EMPTY)
            case Call():
                return self._call(node)
            case Lambda():
                return self._wrong("formula_not_here", node.span)

    def _step(self, node: Step) -> Type:
        steps = self._scope.steps
        if steps is None:
            return ANY
        found = steps.get(node.id)
        return found if found is not None else self._wrong("unknown_step", node.span, text=node.id)

    def _name(self, node: Name) -> Type:
        for bound in (*reversed(self._bound), self._scope.names):
            if node.name in bound:
                return bound[node.name]
        known = [*self._scope.names, *(name for bound in self._bound for name in bound)]
        near = get_close_matches(node.name, known, 1, 0.6)
        if node.name in ITEM_NAMES:
            return self._wrong("item_not_here", node.span, text=node.name)
        code = "unknown_name_near" if near else "unknown_name"
        return self._wrong(code, node.span, text=node.name, near="".join(near))

    def _member(self, node: Member) -> Type:
        holder = self.type_of(node.holder)
        if holder.kind == "list":
            return list_of(self._field(holder.of or ANY, node))
        return self._field(holder, node)

    def _field(self, holder: Type, node: Member) -> Type:
        if holder.kind == "list":
            return list_of(self._field(holder.of or ANY, node))
        if holder.kind in ("any", "empty"):
            return ANY
        if holder.kind != "record":
            return self._wrong("not_a_record", node.span, found=holder.kind, key=node.key)
        if holder.fields is None:
            return ANY
        found = holder.fields.get(node.key)
        if found is None and holder.closed:
            near = get_close_matches(node.key, list(holder.fields), 1, 0.6)
            code = "unknown_field_near" if near else "unknown_field"
            return self._wrong(code, node.span, text=node.key, near="".join(near))
        return found or ANY

    def _index(self, node: Index) -> Type:
        holder, index = self.type_of(node.holder), self.type_of(node.index)
        if holder.kind == "list":
            self._fit(node.index, index, "number")
            return holder.of or ANY
        if holder.kind not in ("any", "record", "empty"):
            return self._wrong("not_a_list", node.span, found=holder.kind)
        return ANY

    def _number(self, node: Expr, found: Type) -> Type:
        if found.kind not in _AMOUNTS and found.kind != "duration":
            return self._wrong("wrong_kind", node.span, wanted="number", found=found.kind)
        self._text_is_number(node)
        return found if found.kind in ("number", "money", "duration") else _loose(found)

    def _fit(self, node: Expr, found: Type, wanted: str) -> None:
        if not fits(found, wanted):
            self._wrong("wrong_kind", node.span, wanted=wanted, found=found.kind)
        elif wanted in ("number", "whole", "amount"):
            self._text_is_number(node)

    def _text_is_number(self, node: Expr) -> None:
        if isinstance(node, Constant) and isinstance(node.value, str) and number_in(node.value) is None:
            self._wrong("bad_text", node.span, wanted="number", text=node.value)

    def _binary(self, node: Binary) -> Type:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if node.sign == "&":
            for part, found in ((node.left, left), (node.right, right)):
                self._fit(part, found, "text")
            return TEXT
        if node.sign in ("=", "<>"):
            return BOOLEAN
        if node.sign in ("<", "<=", ">", ">="):
            if not _ordered(left, right):
                self._wrong("no_order", node.span, found=left.kind, other=right.kind)
            return BOOLEAN
        if node.sign == "^":
            self._fit(node.left, left, "number")
            self._fit(node.right, right, "number")
            return NUMBER
        return self._reckoned(node, left, right)

    def _reckoned(self, node: Binary, left: Type, right: Type) -> Type:
        if "list" in (left.kind, right.kind):
            return self._wrong("sign_mismatch", node.span, sign=node.sign, found=left.kind, other=right.kind)
        for part in (node.left, node.right):
            is_text = isinstance(part, Constant) and isinstance(part.value, str)
            if is_text and when_in(str(part.value)) is None:  # type: ignore[union-attr]
                self._text_is_number(part)
        if not {left.kind, right.kind} & {"any", "text", "record"}:
            found = _RESULTS.get((node.sign, _plain(left.kind), _plain(right.kind)))
            if found is None:
                return self._wrong("sign_mismatch", node.span, sign=node.sign, found=left.kind, other=right.kind)
            return found
        return ANY

    def _call(self, node: Call) -> Type:
        function = FUNCTIONS[node.name]
        if not function.takes(len(node.args)):
            self._count(function, node)
            return ANY
        types: list[Type] = []
        for place, arg in enumerate(node.args):
            param = function.param(place)
            kind = param.kind if param is not None else "any"
            if kind == "formula":
                types.append(self._formula(arg, types[0] if types else ANY))
                continue
            found = self.type_of(arg)
            self._fit(arg, found, kind)
            types.append(found)
        return function.returns(types)

    def _count(self, function: Function, node: Call) -> None:
        few = len(node.args) < function.least or function.fixed < len(function.params)
        self._wrong(
            "too_few_arguments" if few else "too_many_arguments",
            node.span,
            function=function.name,
            count=len(node.args),
            least=function.least,
        )
        for arg in node.args:
            if not isinstance(arg, Lambda):
                self._bound.append(dict.fromkeys(ITEM_NAMES, ANY))
                self.type_of(arg)
                self._bound.pop()

    def _formula(self, arg: Expr, over: Type) -> Type:
        item = (over.of or ANY) if over.kind == "list" else ANY
        named = isinstance(arg, Lambda)
        self._bound.append({arg.name: item} if isinstance(arg, Lambda) else dict.fromkeys(ITEM_NAMES, item))
        found = self.type_of(arg.body if isinstance(arg, Lambda) and named else arg)
        self._bound.pop()
        return found


_CONSTANTS = {"Decimal": NUMBER, "str": TEXT, "NoneType": EMPTY}


def _loose(found: Type) -> Type:
    return NUMBER if found.kind in ("boolean", "empty") else ANY


def _plain(kind: str) -> str:
    return "number" if kind in ("boolean", "empty") else kind


def _ordered(left: Type, right: Type) -> bool:
    kinds = {
        _plain(left.kind) if left.kind != "boolean" else "boolean",
        _plain(right.kind) if right.kind != "boolean" else "boolean",
    }
    if kinds & {"any", "record"} or "empty" in (left.kind, right.kind):
        return "list" not in kinds
    if len(kinds) == 1:
        return kinds != {"list"}
    return kinds <= {"number", "money", "text"} or kinds <= {"date", "datetime", "text"}


_RESULTS: dict[tuple[str, str, str], Type] = {
    **{(sign, "number", "number"): NUMBER for sign in "+-*/"},
    **{(sign, "money", "money"): MONEY for sign in "+-"},
    **{(sign, "money", "number"): MONEY for sign in "+-*/"},
    **{(sign, "number", "money"): MONEY for sign in "+-*"},
    **{(sign, "duration", "duration"): DURATION for sign in "+-"},
    **{(sign, "duration", "number"): DURATION for sign in "*/"},
    **{
        (sign, date.kind, other): date
        for date in (DATE, DATETIME)
        for sign in "+-"
        for other in ("number", "duration")
    },
    **{("+", other, date.kind): date for date in (DATE, DATETIME) for other in ("number", "duration")},
    ("/", "money", "money"): NUMBER,
    ("/", "duration", "duration"): NUMBER,
    ("*", "number", "duration"): DURATION,
    ("-", "date", "date"): NUMBER,
    ("-", "datetime", "datetime"): DURATION,
    ("-", "datetime", "date"): DURATION,
    ("-", "date", "datetime"): DURATION,
}
"""What + - * / give, by the kinds on both sides."""
