"""How a value stands in an exported table: people read it, and an import understands it again."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from potok.records.kinds.choices import ChoiceSettings, CountedSettings
from potok.records.kinds.numbers import MoneySettings
from potok.records.kinds.stages import StageSettings
from potok.records.shape import FieldShape
from potok.words import DEFAULT, say

Titles = Mapping[str, str]
"""{id: title} of the records and people that the exported ones point to."""


class Cell(NamedTuple):
    """A text, or a number as its digits."""

    text: str
    is_number: bool = False


EMPTY = Cell("")


def cell(one: FieldShape, stored: Any, titles: Titles, locale: str) -> Cell:
    """The value of one field."""
    if stored is None:
        return EMPTY
    kind = one.seen_as.id
    if kind == "boolean":
        return Cell(say(f"record.export.{'yes' if stored else 'no'}", locale).message)
    if kind in ("number", "probability"):
        return Cell(format(Decimal(str(stored)), "f"), True)
    if kind == "money":
        usual = one.settings.currency if isinstance(one.settings, MoneySettings) else ""
        if stored["currency"] == usual or not usual:
            return Cell(stored["amount"], True)
        return Cell(f"{stored['amount']} {stored['currency']}")
    if one.target or kind == "person":
        ids = stored if isinstance(stored, list) else [stored]
        return Cell("; ".join(titles.get(each, "") or each for each in ids))
    names = _names(one, locale)
    values = stored if isinstance(stored, list) else [stored]
    return Cell("; ".join(names.get(str(each), str(each)) for each in values))


def _names(one: FieldShape, locale: str) -> Mapping[str, str]:
    """{stored: what people call it} of kinds that choose among names."""
    settings = one.settings
    if isinstance(settings, ChoiceSettings | CountedSettings):
        return {each.id: localized(each.names, locale) for each in settings.options}
    if not isinstance(settings, StageSettings):
        return {}
    found = {pipeline.id: localized(pipeline.names, locale) for pipeline in settings.pipelines}
    for _, stage in settings.stages():
        found[stage.id] = localized(stage.names, locale)
        found |= {reason.id: localized(reason.names, locale) for reason in stage.reasons}
    return found


def localized(names: Mapping[str, str], locale: str) -> str:
    """The name in the reader's language, else in any."""
    return names.get(locale) or names.get(DEFAULT) or next(iter(names.values()), "")


def pointed(fields: Sequence[FieldShape], data: Mapping[str, Any]) -> list[str]:
    """Ids whose titles the row needs."""
    found: list[str] = []
    for one in fields:
        stored = data.get(one.key)
        if stored is not None and (one.target or one.kind.id == "person"):
            found += stored if isinstance(stored, list) else [stored]
    return found
