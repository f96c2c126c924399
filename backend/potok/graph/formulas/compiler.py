"""From tree to closures, once; running them is then as quick as Python allows.

Every closure takes the `Env` of one evaluation. A mistake gets the place of the innermost part it belongs to.
Budgets are paid where the work is: a list or a long text when a function takes it, a formula once for each item.
"""

from collections.abc import Callable
from typing import Any

from potok.graph.formulas.access import item, member
from potok.graph.formulas.coerce import COERCIONS, text
from potok.graph.formulas.declare import NOTHING, Function, Param
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions import FUNCTIONS
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import BINARY, COMPARISONS, negate, percent
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
    walk,
)

Run = Callable[[Env], Any]

ITEM_NAMES = frozenset({"item", "элемент"})
"""What an item is called in the formula of a list function, unless the formula names it: `order => ...`."""
_HEAVY = frozenset({str, list, dict})


class Compiler:
    """Compiles one formula; `slots` is how many bound items it needs room for."""

    def __init__(self) -> None:
        self.slots = 0
        self._bound: list[dict[str, int]] = []

    def compile(self, node: Expr) -> Run:
        """The closure of a node. Raises FormulaError for a call that cannot be."""
        match node:
            case Constant(value=value):
                return lambda env: value
            case Step(id=step):
                return lambda env: env.steps.get(step)
            case Name():
                return self._name(node)
            case Member():
                return self._member(node)
            case Index(holder=holder, index=index):
                return _placed(item, self.compile(holder), self.compile(index), node.span)
            case Unary(sign=sign, operand=operand):
                return _single(negate if sign == "-" else _plus, self.compile(operand), operand.span)
            case Percent(operand=operand):
                return _single(percent, self.compile(operand), operand.span)
            case Binary(sign=sign, left=left, right=right):
                if sign == "&":
                    return _joined(self.compile(left), self.compile(right), node.span)
                join = _compared if sign in COMPARISONS else _placed
                return join(BINARY[sign], self.compile(left), self.compile(right), node.span)
            case Items(items=items):
                return _listed([self.compile(one) for one in items])
            case Call():
                return self._call(node)
            case Lambda():
                raise FormulaError("formula_not_here", *node.span)

    def _name(self, node: Name) -> Run:
        name, span = node.name, node.span
        for bound in reversed(self._bound):
            if name in bound:
                slot = bound[name]
                return lambda env: env.slots[slot]

        def run(env: Env) -> Any:
            found = env.names.get(name, NOTHING)
            if found is NOTHING:
                raise FormulaError("unknown_name", *span, text=name)
            return found

        return run

    def _member(self, node: Member) -> Run:
        keys: list[str] = []
        root: Expr = node
        while isinstance(root, Member):
            keys.append(root.key)
            root = root.holder
        keys.reverse()
        start, span = self.compile(root), node.span

        def run(env: Env) -> Any:
            found = start(env)
            for key in keys:
                if type(found) is dict:
                    found = found.get(key)
                elif found is None:
                    return None
                else:
                    try:
                        found = member(env, found, key)
                    except FormulaError as error:
                        raise error.at(*span) from None
            return found

        return run

    def _call(self, node: Call) -> Run:
        function = FUNCTIONS[node.name]
        _check_count(function, node)
        args = [self._argument(function, place, arg) for place, arg in enumerate(node.args)]
        args += [_constant(param) for param in function.params[len(args) : function.fixed]]
        while args and args[-1] is _left_out:
            args.pop()
        args = [_nothing if arg is _left_out else arg for arg in args]
        return _lazy(function, args, node.span) if function.lazy else _eager(function, args, node.span)

    def _argument(self, function: Function, place: int, arg: Expr) -> Run:
        param = _param_of(function, place)
        if param.kind == "formula":
            return self._formula(arg)
        run = self.compile(arg)
        return _typed(param, run, arg.span)

    def _formula(self, arg: Expr) -> Run:
        """A closure that gives a callable (env, value): it binds the value and reckons the formula."""
        slot = self.slots
        self.slots += 1
        body = arg.body if isinstance(arg, Lambda) else arg
        self._bound.append({arg.name: slot} if isinstance(arg, Lambda) else dict.fromkeys(ITEM_NAMES, slot))
        run = self.compile(body)
        self._bound.pop()
        cost = 1 + sum(1 for _ in walk(body))

        def reckon(env: Env, value: Any) -> Any:
            env.spend(cost)
            env.slots[slot] = value
            return run(env)

        return lambda env: reckon


def _param_of(function: Function, place: int) -> Param:
    found = function.param(place)
    assert found is not None  # the number of arguments was checked
    return found


def _check_count(function: Function, node: Call) -> None:
    count = len(node.args)
    if function.takes(count):
        return
    few = count < function.least
    code = "too_few_arguments" if few or function.fixed < len(function.params) else "too_many_arguments"
    raise FormulaError(code, *node.span, function=function.name, count=count, least=function.least)


def _left_out(env: Env) -> Any:
    """Stands for an argument that was left out and has no default."""


def _nothing(env: Env) -> Any:
    return None


def _constant(param: Param) -> Run:
    """The default of an argument that was left out, in the kind the function works with."""
    if param.default is NOTHING:
        return _left_out
    coerce = COERCIONS.get(param.kind)
    default = coerce(param.default) if coerce is not None else param.default
    return lambda env: default


def _typed(param: Param, run: Run, span: Span) -> Run:
    kind = param.kind
    if kind == "text":
        return _as_text(run, span)
    if kind == "list":
        return _as_list(run, span)
    coerce = COERCIONS.get(kind)
    if coerce is None:
        return run

    def typed(env: Env) -> Any:
        value = run(env)
        try:
            return coerce(value)
        except FormulaError as error:
            raise error.at(*span) from None

    return typed


def _as_text(run: Run, span: Span) -> Run:
    def typed(env: Env) -> str:
        value = run(env)
        if type(value) is not str:
            try:
                value = text(value)
            except FormulaError as error:
                raise error.at(*span) from None
        if len(value) > 256:
            env.spend(len(value) >> 8)
        return value

    return typed


def _as_list(run: Run, span: Span) -> Run:
    take = COERCIONS["list"]

    def typed(env: Env) -> list[Any]:
        value = run(env)
        try:
            found: list[Any] = take(value)
        except FormulaError as error:
            raise error.at(*span) from None
        env.spend(len(found))
        return found

    return typed


def _eager(function: Function, args: list[Run], span: Span) -> Run:
    call = function.call
    if len(args) == 1:
        (only,) = args

        def run_one(env: Env) -> Any:
            try:
                return call(env, only(env))
            except FormulaError as error:
                raise error.at(*span) from None

        return run_one
    if len(args) == 2:
        first, second = args

        def run_two(env: Env) -> Any:
            try:
                return call(env, first(env), second(env))
            except FormulaError as error:
                raise error.at(*span) from None

        return run_two

    def run(env: Env) -> Any:
        try:
            return call(env, *[arg(env) for arg in args])
        except FormulaError as error:
            raise error.at(*span) from None

    return run


def _lazy(function: Function, args: list[Run], span: Span) -> Run:
    call = function.call
    given = tuple(args)

    def run(env: Env) -> Any:
        try:
            return call(env, *given)
        except FormulaError as error:
            raise error.at(*span) from None

    return run


def _placed(reckon: Callable[[Any, Any], Any], left: Run, right: Run, span: Span) -> Run:
    def run(env: Env) -> Any:
        a, b = left(env), right(env)
        try:
            return reckon(a, b)
        except FormulaError as error:
            raise error.at(*span) from None

    return run


def _compared(reckon: Callable[[Any, Any], Any], left: Run, right: Run, span: Span) -> Run:
    """Long texts and whole structures are paid for before they are compared."""

    def run(env: Env) -> Any:
        a, b = left(env), right(env)
        try:
            if type(a) in _HEAVY and type(b) in _HEAVY:
                env.weigh(a)
                env.weigh(b)
            return reckon(a, b)
        except FormulaError as error:
            raise error.at(*span) from None

    return run


def _joined(left: Run, right: Run, span: Span) -> Run:
    def run(env: Env) -> str:
        a, b = left(env), right(env)
        try:
            a, b = a if type(a) is str else text(a), b if type(b) is str else text(b)
            env.made_text(len(a) + len(b))
        except FormulaError as error:
            raise error.at(*span) from None
        return a + b

    return run


def _single(reckon: Callable[[Any], Any], operand: Run, span: Span) -> Run:
    def run(env: Env) -> Any:
        value = operand(env)
        try:
            return reckon(value)
        except FormulaError as error:
            raise error.at(*span) from None

    return run


def _plus(value: Any) -> Any:
    """As in Excel: changes nothing, not even a text."""
    return value


def _listed(items: list[Run]) -> Run:
    return lambda env: [one(env) for one in items]
