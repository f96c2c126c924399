"""Help for an editor of formulas: check with a value on real data, completion, signature, all functions."""

import asyncio
from dataclasses import replace
from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, Severity, query
from potok.graph.formulas import Mistake, assist
from potok.graph.formulas.declare import Function
from potok.graph.formulas.functions import AREAS
from potok.graph.formulas.limits import MAX_LENGTH
from potok.people.service import Permission
from potok.sdk.node import NodeType
from potok.server.formula_desk import Desk, clock_of, desk
from potok.server.formula_help import WARNINGS, Tried, checked, kind_words, offered, tried
from potok.words import say

_WANTED = {"number": "number", "integer": "number", "boolean": "boolean", "array": "list"}


@strawberry.input
class FormulaPlaceInput:
    """Where a formula stands: in a step of a scenario, or in a type of records.

    `scenarioId`: its last run or event lends the sample data. `graph`: the document as it is on the screen, else
    the draft counts. `field`: the setting, whose kind the result must fit. `type`: key of a type of records.
    """

    scenario_id: strawberry.ID | None = None
    graph: JSON | None = None
    node_id: str = ""
    field: str = ""
    type: str = ""


@strawberry.type
class FormulaMistake:
    """One thing wrong with the characters from `start` to `end` (not included)."""

    code: str
    start: int
    end: int
    message: str
    fix: str
    severity: Severity


@strawberry.type
class FormulaCheck:
    """What is known about a formula. `noValue`: in words why it has no value now; empty when it has one.

    `source`: whose data it was tried on: `run`, `event`, `samples` of the catalog, or `none`. `cut`: the value is
    long, `value` is the beginning of its text.
    """

    type: str
    type_title: str
    mistakes: list[FormulaMistake]
    value: JSON | None
    cut: bool
    no_value: str
    source: str
    as_of: datetime | None


@strawberry.type
class FormulaOffer:
    """What may replace the characters from `start` to the caret. `kind`: name, field, step, function."""

    kind: str
    label: str
    insert: str
    start: int
    detail: str
    help: str


@strawberry.type
class FormulaSignature:
    """The call around the caret: its parts, and which of them is being written."""

    name: str
    parts: list[str]
    active: int
    help: str


@strawberry.type
class FormulaExample:
    """A formula and what it gives (empty where it shows a refusal)."""

    text: str
    result: str


@strawberry.type
class FormulaFunction:
    """A function in the reader's language; `nameEn` and `nameRu` mean the same one."""

    name: str
    name_en: str
    name_ru: str
    area: str
    area_title: str
    signature: str
    help: str
    examples: list[FormulaExample]


@strawberry.type
class FormulasQuery:
    """Root fields about formulas."""

    @query(Permission.SEE)
    async def formula_check(self, info: Info, place: FormulaPlaceInput, text: str) -> FormulaCheck:
        """What publishing would say about this formula, and its value on real data. Places count characters."""
        locale = info.context.locale
        found = await _desk(info, place)
        result = checked(text, found.place, _wanted(info, found, place.field))
        if found.records:
            return _shown(info, text, result, found)
        now, working_day = await clock_of(info)
        # Beside the other requests of this process: a preview may take a tenth of a second.
        value = await asyncio.to_thread(tried, text, result, found.place, now, working_day, locale)
        return _shown(info, text, value, found)

    @query(Permission.SEE)
    async def formula_complete(
        self, info: Info, place: FormulaPlaceInput, text: str, offset: int
    ) -> list[FormulaOffer]:
        """What may stand at the caret, best first."""
        if len(text) > MAX_LENGTH:
            return []
        found = await _desk(info, place)
        caret = max(0, min(offset, len(text)))
        offers = offered(text, caret, found.place, _titles(info, found), info.context.locale)
        return [FormulaOffer(**one._asdict()) for one in offers]

    @query(Permission.SEE)
    async def formula_signature(self, info: Info, text: str, offset: int) -> FormulaSignature | None:
        """The innermost call around the caret, in a formula that is not finished too."""
        if len(text) > MAX_LENGTH:
            return None
        found = assist.signature(text, max(0, min(offset, len(text))), info.context.locale)
        if found is None:
            return None
        return FormulaSignature(name=found.name, parts=list(found.parts), active=found.active, help=found.help)

    @query(Permission.SEE)
    async def formula_functions(self, info: Info) -> list[FormulaFunction]:
        """All functions, by area."""
        locale = info.context.locale
        titles = {area.id: area.ru if locale == "ru" else area.en for area in AREAS}
        return [_function(one, titles[area.id], locale) for area in AREAS for one in area.functions]


async def _desk(info: Info, place: FormulaPlaceInput) -> Desk:
    return await desk(info, place.scenario_id, place.graph, place.node_id, place.type)


def _wanted(info: Info, found: Desk, field: str) -> str:
    """The kind the setting needs, where its schema says so plainly."""
    node: NodeType | None = info.context.catalog.get(found.place.node_type) if found.place.node_type else None
    schema = node.input_schema.get("properties", {}).get(field, {}) if node is not None else {}
    return _WANTED.get(str(schema.get("type")), "")


def _titles(info: Info, found: Desk) -> dict[str, str]:
    catalog, locale = info.context.catalog, info.context.locale
    kinds = found.place.types
    return {name: own or catalog.type_title(kinds[name], locale) for name, own in found.place.titles.items()}


def _shown(info: Info, text: str, result: Tried, found: Desk) -> FormulaCheck:
    locale, titles = info.context.locale, _titles(info, found)
    why = result.no_value
    if found.records and not result.mistakes:
        why = say("formula.preview_records", locale)
    return FormulaCheck(
        type=result.type.kind,
        type_title=kind_words(result.type.kind, locale),
        mistakes=[_mistake(one, len(text), titles, locale) for one in result.mistakes],
        value=None if result.value is None else JSON(result.value),
        cut=result.cut,
        no_value=f"{why.message} {why.fix}".strip() if why is not None else "",
        source="none" if found.records else found.source,
        as_of=found.as_of,
    )


def _mistake(one: Mistake, length: int, titles: dict[str, str], locale: str) -> FormulaMistake:
    if one.code == "unknown_step":  # people know it by its title
        one = replace(one, params={"text": titles.get(one.params["text"], one.params["text"])})
    words = one.words(locale)
    return FormulaMistake(
        code=one.code,
        start=max(0, min(one.start, length)),
        end=max(0, min(one.end, length)),
        message=words.message,
        fix=words.fix,
        severity=Severity.WARNING if one.code in WARNINGS else Severity.ERROR,
    )


def _function(one: Function, area: str, locale: str) -> FormulaFunction:
    russian = locale == "ru"
    return FormulaFunction(
        name=one.name_ru if russian else one.name,
        name_en=one.name,
        name_ru=one.name_ru,
        area=one.area,
        area_title=area,
        signature=assist.signature_text(one, locale),
        help=one.ru if russian else one.en,
        examples=[
            FormulaExample(text=text, result="" if result.startswith("!") else result)
            for text, result in one.examples
        ],
    )
