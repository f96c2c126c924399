"""From tree to text, in one fixed way: `; ` between parts, no brackets that are not needed."""

import re
from decimal import Decimal

from potok.graph.formulas.functions import FUNCTIONS
from potok.graph.formulas.parser import BINDING, CONSTANTS, SIGN_BINDING
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
    Step,
    Unary,
)

_PLAIN = re.compile(r"[^\W\d]\w*")
_WORDS = {
    "en": {True: "TRUE", False: "FALSE", None: "EMPTY"},
    "ru": {True: "ИСТИНА", False: "ЛОЖЬ", None: "ПУСТО"},
}
_TIGHT = 100


def to_text(tree: Expr, locale: str = "en") -> str:
    """The formula in words of this language (its functions and constants; names stay)."""
    return _print(tree, locale, 0)


def quote(name: str) -> str:
    """A name as it must be written: in brackets unless it is a plain word."""
    if _PLAIN.fullmatch(name) and name.upper() not in CONSTANTS:
        return name
    return "[" + name.replace("'", "''").replace("]", "']") + "]"


def _print(node: Expr, locale: str, limit: int) -> str:
    """`limit`: how tightly the surroundings bind; what binds looser goes into brackets."""
    binds, shown = _shown(node, locale)
    return f"({shown})" if binds < limit else shown


def _shown(node: Expr, locale: str) -> tuple[int, str]:
    match node:
        case Constant(value=value):
            return _TIGHT, _constant(value, locale)
        case Step(id=step):
            return _TIGHT, f"@{step}"
        case Name(name=name):
            return _TIGHT, quote(name)
        case Member(holder=holder, key=key):
            return BINDING["."], f"{_print(holder, locale, BINDING['.'])}.{quote(key)}"
        case Index(holder=holder, index=index):
            return BINDING["["], f"{_print(holder, locale, BINDING['['])}[{_print(index, locale, 0)}]"
        case Unary(sign=sign, operand=operand):
            return SIGN_BINDING, sign + _print(operand, locale, SIGN_BINDING)
        case Percent(operand=operand):
            return BINDING["%"], _print(operand, locale, BINDING["%"]) + "%"
        case Binary(sign=sign, left=left, right=right):
            binds = BINDING[sign]
            return binds, f"{_print(left, locale, binds)} {sign} {_print(right, locale, binds + 1)}"
        case Call(name=name, args=args):
            function = FUNCTIONS[name]
            called = function.name_ru if locale == "ru" else function.name
            return _TIGHT, f"{called}({_parts(args, locale)})"
        case Items(items=items):
            return _TIGHT, "{" + _parts(items, locale) + "}"
        case Lambda(name=name, body=body):
            return 0, f"{quote(name)} => {_print(body, locale, 0)}"


def _parts(parts: tuple[Expr, ...], locale: str) -> str:
    return "; ".join(_print(part, locale, 0) for part in parts)


def _constant(value: Decimal | str | bool | None, locale: str) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, Decimal):
        return format(value, "f") if -30 < value.adjusted() < 30 else str(value)
    return _WORDS["ru" if locale == "ru" else "en"][value]
