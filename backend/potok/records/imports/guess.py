"""Which column probably is which field: by names in any language, by usual words, by their values. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from potok.records.kinds import Bad
from potok.records.rights import right_of
from potok.records.shape import FieldShape, Shape

_USUAL: Mapping[str, frozenset[str]] = {
    "phone": frozenset(["тел", "телефон", "мобильный", "мобильныйтелефон", "phone", "telephone", "mobile", "tel"]),
    "email": frozenset(["почта", "email", "mail", "эл", "почта", "электроннаяпочта", "имейл"]),
    "link": frozenset(["сайт", "site", "website", "url", "вебсайт"]),
}
"""What columns of these kinds are called, when the type has one field of the kind."""
_TITLES = frozenset(["название", "наименование", "имя", "фио", "name", "title"])


def plain(name: str) -> str:
    """A name without what people write differently."""
    return re.sub(r"[\W_]+", "", name.casefold().replace("ё", "е"))


def fillable(shape: Shape, role: str = "") -> list[FieldShape]:
    """Fields an import of this role may fill."""
    return [one for one in shape.fields.values() if not one.kind.computed and right_of(one, role) == "write"]


def guess(shape: Shape, columns: Sequence[Mapping[str, Any]], role: str = "") -> dict[int, str]:
    """{place of a column: field key}; each field once, columns nobody understands left out."""
    found: dict[int, str] = {}
    names = [plain(str(column["name"])) for column in columns]
    for one in fillable(shape, role):
        known = {plain(one.key), *(plain(str(name)) for name in one.names.values())} - {""}
        _take(found, [place for place, name in enumerate(names) if name in known], one.key)
    for one in fillable(shape, role):
        usual = _USUAL.get(one.kind.id, frozenset()) | (_TITLES if one.key == shape.title_field else frozenset())
        if one.key not in found.values() and _only(shape, one):
            _take(found, [place for place, name in enumerate(names) if name in usual], one.key)
    for one in fillable(shape, role):
        if one.key not in found.values() and one.kind.id in ("phone", "email") and _only(shape, one):
            _take(found, [place for place, column in enumerate(columns) if _like(one, column["samples"])], one.key)
    return found


def _take(found: dict[int, str], places: Sequence[int], key: str) -> None:
    free = [place for place in places if place not in found]
    if free:
        found[free[0]] = key


def _only(shape: Shape, one: FieldShape) -> bool:
    return one.key == shape.title_field or sum(each.kind is one.kind for each in shape.fields.values()) == 1


def _like(one: FieldShape, samples: Sequence[str]) -> bool:
    """Whether all samples are values of this kind."""
    try:
        return bool(samples) and all(one.kind.store(sample, one.settings) is not None for sample in samples)
    except Bad:
        return False
