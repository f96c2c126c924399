"""Criteria of SUMIF and its family, as Excel writes them: 5, "text", ">10", "<>a*"."""

from collections.abc import Callable
from typing import Any

from potok.graph.formulas.coerce import number_in, when_in
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.like import is_pattern, matches
from potok.graph.formulas.functions.shared import alike
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import compare

Test = Callable[[Any], bool]

_SIGNS = (">=", "<=", "<>", ">", "<", "=")
_TRUTH = {"true": True, "истина": True, "false": False, "ложь": False}


def criterion(env: Env, value: Any) -> Test:
    """The test a criterion stands for."""
    if not isinstance(value, str):
        return lambda item: not (item is None and value is not None) and alike(env, item, value)
    sign = next((sign for sign in _SIGNS if value.startswith(sign)), "")
    rest = value[len(sign) :]
    if sign in (">", "<", ">=", "<="):
        return _ordered(env, sign, _read(rest))
    found = _equal_to(env, rest)
    return (lambda item: not found(item)) if sign == "<>" else found


def _read(text: str) -> Any:
    number = number_in(text)
    if number is not None:
        return number
    when = when_in(text)
    return when if when is not None else _TRUTH.get(text.casefold(), text)


def _equal_to(env: Env, text: str) -> Test:
    if text == "":
        return lambda item: item is None or item == ""
    if is_pattern(text):
        return lambda item: isinstance(item, str) and matches(env, text, item)
    wanted = _read(text)
    return lambda item: item is not None and (alike(env, item, wanted) or alike(env, item, text))


def _ordered(env: Env, sign: str, wanted: Any) -> Test:
    """Only values of the same kind are compared; others do not pass, as in Excel."""

    def test(item: Any) -> bool:
        if item is None or item == "":
            return False
        env.weigh(item)
        try:
            found = compare(item, wanted)
        except FormulaError:
            return False
        if found is None:
            return False
        return {">": found > 0, "<": found < 0, ">=": found >= 0, "<=": found <= 0}[sign]

    return test
