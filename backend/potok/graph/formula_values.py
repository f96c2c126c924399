"""Formulas as values of a node's params: `{"$formula": "IF(@hook.body.sum > 1000; 1; 2)"}`."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from potok.graph.formulas import FormulaError, Path, formula, to_plain
from potok.graph.formulas.mistakes import Mistake
from potok.graph.working_time import WorkingCalendar
from potok.sdk.outcome import UserError
from potok.words import DEFAULT, Words, say

CLOCK = "$now"
"""Key among the outputs under which the engine gives its clock: a callable that returns an aware moment."""
CALENDAR = "$calendar"
"""Key under which the engine gives the workspace's default calendar: which dates WORKDAY and the like count."""
CODE = "formula."
"""What the codes of errors of formulas begin with."""


def is_formula(value: Any) -> bool:
    """A formula of the right shape (whatever its text says)."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("$formula"), str)


def formula_refs(value: Any) -> list[list[str | int]]:
    """[node id, key, ...] of everything a formula reads from steps; of one that cannot be read, nothing."""
    try:
        paths = formula(value["$formula"]).paths
    except FormulaError:
        return []
    return [_steps(path) for path in sorted(paths, key=repr) if str(path[0]).startswith("@")]


def _steps(path: Path) -> list[str | int]:
    return [str(path[0])[1:], *path[1:]]


def compile_formula(value: Any, place: tuple[str | int, ...]) -> Callable[[Mapping[str, Any]], Any]:
    """A resolver that gives plain JSON data, or raises UserError with words, field and place in the text."""
    field = ".".join(map(str, place))
    try:
        compiled = formula(value["$formula"])
    except FormulaError as error:
        mistake = error.mistake

        def refuse(outputs: Mapping[str, Any]) -> Any:
            raise user_error(mistake, field)

        return refuse

    def reckon(outputs: Mapping[str, Any]) -> Any:
        try:
            now = _moment(outputs) if compiled.wants_clock else None
            return to_plain(compiled.run(steps=outputs, now=now, working_day=_working_day(outputs)))
        except FormulaError as error:
            raise user_error(error.mistake, field) from None

    return reckon


def _moment(outputs: Mapping[str, Any]) -> datetime | None:
    clock = outputs.get(CLOCK)
    return clock() if callable(clock) else None


def _working_day(outputs: Mapping[str, Any]) -> Callable[[date], bool] | None:
    calendar = outputs.get(CALENDAR)
    return calendar.is_working_day if isinstance(calendar, WorkingCalendar) else None


def user_error(mistake: Mistake, field: str) -> UserError:
    """What the run keeps: words in the default language, and what it takes to say it in another."""
    params = {**mistake.params, "start": mistake.start, "end": mistake.end}
    words = error_words(f"{CODE}{mistake.code}", params | {"name": field})
    return UserError(field, words.message, words.fix, code=f"{CODE}{mistake.code}", **params)


def error_words(code: str, params: Mapping[str, Any], locale: str = DEFAULT) -> Words:
    """The words of such an error in another language; `name` is what the reader calls the field."""
    start = int(params.get("start", -1))
    words = Mistake(code.removeprefix(CODE), params=dict(params)).words(locale)
    field = str(params.get("name") or "")
    return say("formula.at", locale, field=field, position=start + 1, message=words.message, fix=words.fix)
