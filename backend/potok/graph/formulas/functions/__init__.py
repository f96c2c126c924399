"""All functions of formulas, by area; each module is an area of the same shape."""

from potok.graph.formulas.declare import Area, Function
from potok.graph.formulas.functions import (
    conditional,
    contacts,
    conversion,
    dates,
    finding,
    info,
    lists,
    logic,
    lookup,
    money,
    numbers,
    periods,
    rounding,
    statistics,
    texts,
)

AREAS: tuple[Area, ...] = (
    logic.area,
    numbers.area,
    rounding.area,
    statistics.area,
    conditional.area,
    texts.area,
    finding.area,
    dates.area,
    periods.area,
    lists.area,
    lookup.area,
    money.area,
    contacts.area,
    conversion.area,
    info.area,
)

FUNCTIONS: dict[str, Function] = {function.name: function for area in AREAS for function in area.functions}
"""By English name."""


def fold(name: str) -> str:
    """A name as it is looked up: in any case, ё as е."""
    return name.upper().replace("Ё", "Е")


_BY_NAME: dict[str, Function] = {
    fold(name): function
    for function in FUNCTIONS.values()
    for name in (function.name, function.name_ru, *function.aliases)
}


def find(name: str) -> Function | None:
    """The function people call so, in either language."""
    return _BY_NAME.get(fold(name))


def known_names() -> list[str]:
    """Every name a function goes by."""
    return list(_BY_NAME)
