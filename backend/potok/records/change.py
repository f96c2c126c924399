"""What a change makes of a record: values checked and tidied, defaults, formulas, the title. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from potok.graph.formulas import FormulaError
from potok.problems import Problem
from potok.records import stages
from potok.records.kinds import Bad
from potok.records.shape import FieldShape, Shape

Data = dict[str, Any]
Follow = Callable[[Shape, str, Mapping[str, Any], str], Any]
"""(type, id, data, word) -> what is related to a record by that word. Raises KeyError when nothing can be."""
TITLE_LENGTH = 300


@dataclass(slots=True)
class Draft:
    """A record as it would be; with problems it is not written."""

    data: Data
    problems: list[Problem] = field(default_factory=list)
    errors: dict[str, Any] = field(default_factory=dict)


def draft(
    shape: Shape,
    old: Mapping[str, Any] | None,
    patch: Mapping[str, Any],
    now: datetime,
    locked: frozenset[str] = frozenset(),
) -> Draft:
    """The data after the patch. `old` is None for a new record. Every problem is found, not the first only.

    `locked`: what the writer may not fill is not demanded of them.
    """
    made = Draft(dict(old or {}))
    for key, value in patch.items():
        found = shape.fields.get(key)
        if found is None:
            made.problems.append(Problem("record.no_such_field", {"field": key}, (key,)))
        elif key in STAGED:
            continue
        elif found.kind.computed:
            made.problems.append(Problem("record.value.computed", {"field": key}, (key,)))
        else:
            _put(made, found, value)
    if shape.has_stages:
        _stage(shape, made, old, patch, now)
    for key in patch:
        if key in shape.reckoned and not shape.fields[key].kind.computed and shape.formula(key, made.data):
            made.problems.append(Problem("record.value.computed", {"field": key}, (key,)))
    if old is None:
        for key, one in shape.fields.items():
            if one.default is not None and key not in patch:
                _put(made, one, one.default)
    for key, one in shape.fields.items():
        if key in locked:
            continue
        if one.required and not one.kind.computed and made.data.get(key) is None and (old is None or key in patch):
            made.problems.append(Problem("record.value.required", {"field": key}, (key,)))
    return made


STAGED = frozenset({"stage", "pipeline", "close_reason"})
"""Where a record stands is settled by the rules of its stages."""


def _stage(
    shape: Shape, made: Draft, old: Mapping[str, Any] | None, patch: Mapping[str, Any], now: datetime
) -> None:
    before = len(made.problems)
    for key in ("pipeline", "close_reason"):
        if key in patch:
            _put(made, shape.fields[key], patch[key])
    if len(made.problems) == before:
        stages.settle(shape, made.data, old, patch, made.problems, now)


def _put(made: Draft, one: FieldShape, value: Any) -> None:
    try:
        stored = one.kind.store(value, one.settings)
    except Bad as bad:
        made.problems.append(Problem(f"record.value.{bad.code}", {**bad.params, "field": one.key}, (one.key,)))
        return
    if stored is None:
        made.data.pop(one.key, None)
    else:
        made.data[one.key] = stored


def reckon(shape: Shape, record_id: str, made: Draft, related: Follow, now: datetime) -> None:
    """Work out every formula. One that has no value is left empty and says why in `errors`."""
    names = Names(shape, record_id, made.data, related)
    for key in shape.reckoned:
        one, kept = shape.formula(key, made.data), shape.fields[key]
        if one is None:
            continue
        try:
            value = kept.kind.store(one.run(names, now=now), kept.settings)
        except FormulaError as error:
            made.errors[key] = {"code": error.mistake.code, "params": _plain(error.mistake.params)}
            value = None
        except Bad as bad:
            made.errors[key] = {"code": f"value.{bad.code}", "params": _plain(bad.params)}
            value = None
        if value is None:
            made.data.pop(key, None)
        else:
            made.data[key] = value
            made.errors.pop(key, None)
        names.forget(key)


def _plain(params: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value)[:200] for key, value in params.items()}


class Names(Mapping[str, Any]):
    """A record under the names formulas use: its fields, converted when asked for, and what is related to it."""

    def __init__(self, shape: Shape, record_id: str, data: Mapping[str, Any], related: Follow) -> None:
        self._shape = shape
        self._id = record_id
        self._data = data
        self._related = related
        self._known: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key in self._known:
            return self._known[key]
        one = self._shape.fields.get(key)
        if one is None or one.target:
            value = self._related(self._shape, self._id, self._data, key)
        else:
            stored = self._data.get(key)
            value = None if stored is None else one.kind.known(stored, one.settings)
        self._known[key] = value
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._shape.fields)

    def __len__(self) -> int:
        return len(self._shape.fields)

    def forget(self, key: str) -> None:
        """It has been reckoned anew."""
        self._known.pop(key, None)


def title_of(shape: Shape, data: Mapping[str, Any]) -> str:
    """How the record is called in lists; empty when it has nothing to be called by."""
    one = shape.fields.get(shape.title_field)
    if one is None or data.get(one.key) is None:
        return ""
    return one.kind.shown(data[one.key], one.settings)[:TITLE_LENGTH]


def search_text(shape: Shape, data: Mapping[str, Any]) -> str:
    """The words by which the record is found."""
    found = (
        one.kind.shown(data[key], one.settings)
        for key, one in shape.fields.items()
        if one.kind.searched and data.get(key) is not None
    )
    return "\n".join(found)[:50_000]


def difference(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """{key: (before, after)} of what is not as it was."""
    before = old or {}
    keys = dict.fromkeys((*before, *new))
    return {key: (before.get(key), new.get(key)) for key in keys if before.get(key) != new.get(key)}
