"""From text to tree: a Pratt parser. How tightly signs bind is Excel's: -2^2 is 4, and 2^3^2 is 64."""

from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches

from potok.graph.formulas.functions import find, known_names
from potok.graph.formulas.lexer import Token, tokens
from potok.graph.formulas.limits import MAX_DEPTH, MAX_NESTING
from potok.graph.formulas.mistakes import FormulaError
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
from potok.graph.formulas.values import CONTEXT

BINDING = {
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">="), 10),
    "&": 20,
    **dict.fromkeys(("+", "-"), 30),
    **dict.fromkeys(("*", "/"), 40),
    "^": 50,
    "%": 60,
    ".": 80,
    "[": 80,
}
"""Higher binds tighter; equal ones group from the left."""
SIGN_BINDING = 70
"""Of - and + before a value: tighter than % and ^, as in Excel."""

CONSTANTS: dict[str, bool | None] = {
    "TRUE": True,
    "ИСТИНА": True,
    "FALSE": False,
    "ЛОЖЬ": False,
    "EMPTY": None,
    "ПУСТО": None,
}
"""Words that are values, in any case. A field of such a name is written in brackets: [true]."""

_MAX_DIGITS = 34


def parse(text: str) -> Expr:
    """The tree of a formula (a leading = is allowed). Raises FormulaError with the place of the first mistake."""
    parser = _Parser(tokens(text))
    tree = parser.formula()
    if max(depth for _, depth in walk(tree)) > MAX_DEPTH:
        raise FormulaError("nested_too_deep", 0, len(text), limit=MAX_DEPTH)
    return tree


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._place = 0
        self._nesting = 0

    def formula(self) -> Expr:
        if self._peek().value == "=" and self._peek().kind == "sign":
            self._place += 1
        if self._peek().kind == "end":
            raise self._wrong("empty")
        tree = self._expression(0)
        rest = self._peek()
        if rest.kind != "end":
            is_closing = rest.kind == "sign" and rest.value in (")", "]", "}")
            raise self._wrong("never_opened" if is_closing else "unexpected")
        return tree

    def _peek(self, ahead: int = 0) -> Token:
        return self._tokens[min(self._place + ahead, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._peek()
        self._place += 1
        return token

    def _is(self, sign: str) -> bool:
        token = self._peek()
        return token.kind == "sign" and token.value == sign

    def _wrong(self, code: str) -> FormulaError:
        token = self._peek()
        if token.kind == "end" and code == "unexpected":
            code = "unfinished"
        return FormulaError(code, token.start, max(token.end, token.start + 1), text=token.value)

    def _expression(self, limit: int) -> Expr:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            token = self._peek()
            raise FormulaError("nested_too_deep", token.start, token.end, limit=MAX_NESTING)
        left = self._value()
        while self._peek().kind == "sign" and BINDING.get(self._peek().value, 0) > limit:
            left = self._after(left, self._take())
        self._nesting -= 1
        return left

    def _after(self, left: Expr, sign: Token) -> Expr:
        """What a sign that stands after a value makes of it."""
        start = left.span.start
        if sign.value == "%":
            return Percent(left, Span(start, sign.end))
        if sign.value == ".":
            key = self._take()
            if key.kind not in ("name", "quoted"):
                self._place -= 1
                raise self._wrong("field_expected")
            return Member(left, key.value, Span(start, key.end))
        if sign.value == "[":
            index = self._expression(0)
            return Index(left, index, Span(start, self._close("]", sign)))
        right = self._expression(BINDING[sign.value])
        return Binary(sign.value, left, right, Span(start, right.span.end))

    def _close(self, closing: str, opening: Token) -> int:
        if not self._is(closing):
            if self._peek().kind == "end":
                raise FormulaError("never_closed", opening.start, opening.end, text=opening.value)
            raise self._wrong("unexpected")
        return self._take().end

    def _value(self) -> Expr:
        token = self._take()
        span = Span(token.start, token.end)
        match token.kind:
            case "number":
                return Constant(_number(token), span)
            case "text":
                return Constant(token.value, span)
            case "step":
                return Step(token.value, span)
            case "quoted":
                return Name(token.value, span)
            case "name":
                return self._named(token, span)
        if token.value in ("-", "+") and token.kind == "sign":
            operand = self._expression(SIGN_BINDING)
            return Unary(token.value, operand, Span(token.start, operand.span.end))
        if token.value == "(" and token.kind == "sign":
            inner = self._expression(0)
            return replace(inner, span=Span(token.start, self._close(")", token)))
        if token.value == "{" and token.kind == "sign":
            return self._list(token)
        self._place -= 1
        raise self._wrong("unexpected")

    def _named(self, token: Token, span: Span) -> Expr:
        word = token.value.upper()
        if not self._is("("):
            return Constant(CONSTANTS[word], span) if word in CONSTANTS else Name(token.value, span)
        if word in CONSTANTS and self._peek(1).value == ")":
            self._place += 2
            return Constant(CONSTANTS[word], Span(token.start, self._peek(-1).end))
        function = find(token.value)
        if function is None:
            raise _unknown(token)
        args, end = self._parts(self._take(), ")")
        return Call(function.name, args, Span(token.start, end))

    def _list(self, opening: Token) -> Expr:
        parts, end = self._parts(opening, "}")
        return Items(parts, Span(opening.start, end))

    def _parts(self, opening: Token, closing: str) -> tuple[tuple[Expr, ...], int]:
        """Arguments or items up to the closing bracket, separated by one sign throughout."""
        if self._is(closing):
            return (), self._take().end
        parts = [self._part()]
        separator = ""
        while self._is(";") or self._is(","):
            if separator and not self._is(separator):
                raise self._wrong("two_separators")
            separator = self._take().value
            parts.append(self._part())
        return tuple(parts), self._close(closing, opening)

    def _part(self) -> Expr:
        if any(self._is(sign) for sign in (";", ",", ")", "}")):
            raise self._wrong("part_missing")
        name, arrow = self._peek(), self._peek(1)
        if name.kind in ("name", "quoted") and arrow.kind == "sign" and arrow.value == "=>":
            self._place += 2
            body = self._expression(0)
            return Lambda(name.value, body, Span(name.start, body.span.end))
        return self._expression(0)


def _number(token: Token) -> Decimal:
    found = Decimal(token.value) if len(token.value) < 1_000 else Decimal("NaN")
    if not found.is_finite() or len(found.as_tuple().digits) > _MAX_DIGITS or abs(found.adjusted()) > CONTEXT.Emax:
        raise FormulaError("number_too_long", token.start, token.end, limit=_MAX_DIGITS)
    return found


def _unknown(token: Token) -> FormulaError:
    near = get_close_matches(token.value.upper(), known_names(), 1, 0.6) if len(token.value) < 40 else []
    code = "unknown_function_near" if near else "unknown_function"
    return FormulaError(code, token.start, token.end, text=token.value, near="".join(near))
