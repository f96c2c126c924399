"""The kinds of fields. Each module has the same shape; this is the one list of them."""

from collections.abc import Mapping

from potok.records.kinds import choices, computed, contacts, links, numbers, simple, stages, text
from potok.records.kinds.base import Bad, Kind, Settings, options_of
from potok.records.kinds.computed import FormulaSettings, result_kind

KINDS: Mapping[str, Kind] = {
    one.id: one
    for one in (
        text.LINE,
        text.LONG,
        numbers.NUMBER_KIND,
        numbers.MONEY_KIND,
        simple.YES_NO,
        simple.DATE_KIND,
        simple.MOMENT_KIND,
        choices.CHOICE,
        choices.CHOICES,
        choices.COUNTED,
        links.RELATION,
        links.PERSON,
        contacts.PHONE,
        contacts.EMAIL,
        contacts.LINK,
        computed.FORMULA,
        computed.AUTONUMBER,
    )
}
BUILT_IN: Mapping[str, Kind] = {
    one.id: one for one in (stages.STAGE, stages.PIPELINE, stages.REASON, stages.OUTCOME, stages.PROBABILITY)
}
"""Kinds nobody adds: they come with pipelines."""


def effective(kind: Kind, settings: Settings) -> Kind:
    """The kind that lists and filters see: of a formula that of its result."""
    return result_kind(settings) if isinstance(settings, FormulaSettings) else kind


__all__ = ["BUILT_IN", "KINDS", "Bad", "Kind", "Settings", "effective", "options_of"]
