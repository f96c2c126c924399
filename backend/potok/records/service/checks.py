"""Whether a type holds together: relations point somewhere, formulas can be read and do not go in circles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.graph.formulas import CycleError, FormulaError, Mistake, Scope, check, formula
from potok.problems import AnyProblem, Problem, Refused
from potok.records.kinds.computed import FormulaSettings
from potok.records.kinds.links import RelationSettings
from potok.records.kinds.stages import StageSettings
from potok.records.models import ObjectType
from potok.records.service.shapes import compile_type, parts_of
from potok.records.shape import FieldShape, Shape
from potok.records.web import Web, make_web
from potok.words import DEFAULT, Words, say


@dataclass(frozen=True, slots=True)
class FormulaProblem:
    """A formula of a field that cannot be used; its words are made in the reader's language."""

    key: str
    mistake: Mistake
    code: str = "record.formula_wrong"
    severity: Literal["error"] = "error"
    node_id: None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The field."""
        return (self.key,)

    def words(self, locale: str = DEFAULT, labels: Any = None) -> Words:
        """What is wrong, where, and how to mend it."""
        inner = self.mistake.words(locale)
        place = self.mistake.start + 1
        return say(self.code, locale, field=self.key, position=place, message=inner.message, fix=inner.fix)


async def check_web(db: AsyncSession, workspace_id: UUID) -> None:
    """All types of the workspace together: what one loses may be what another's formula reads. Raises Refused."""
    parts = await parts_of(db, workspace_id)
    known = {owner.key for owner, *_ in parts}
    problems: list[AnyProblem] = []
    for owner, fields, settings in parts:
        problems += _plain(owner, fields, known)
        problems += _stages(fields, settings)
    if problems:
        raise Refused(*problems)
    shapes = [_shape(*one) for one in parts]
    web = make_web(shapes)
    problems += _backs(web)
    if problems:
        raise Refused(*problems)
    wrong = [problem for shape in shapes for problem in _formulas(web, shape)]
    if wrong:
        raise Refused(*wrong)


def _stages(fields: Sequence[FieldShape], settings: StageSettings) -> Iterator[AnyProblem]:
    by_key = {one.key: one for one in fields}
    for pipeline, stage in settings.stages():
        for key in stage.required:
            if key not in by_key:
                yield Problem("record.no_such_field", {"field": key}, (pipeline.id, stage.id))
    for pipeline in settings.pipelines:
        if pipeline.sum_mode == "hand":
            continue
        target = by_key.get(pipeline.sum_field)
        if target is None or target.kind.id not in ("money", "number"):
            yield Problem("record.sum_field", {"field": pipeline.sum_field}, (pipeline.id,))
        if pipeline.sum_mode == "formula":
            try:
                formula(pipeline.sum_formula)
            except FormulaError as error:
                yield FormulaProblem(pipeline.sum_field, error.mistake)


def _backs(web: Web) -> Iterator[AnyProblem]:
    """What the other side calls those that point to it must not be taken there."""
    taken: set[tuple[str, str]] = set()
    for shape in web.shapes.values():
        for one in shape.relations:
            back = one.settings.back if isinstance(one.settings, RelationSettings) else ""
            if not back:
                continue
            if back in web.shapes[one.target].fields or (one.target, back) in taken:
                yield Problem("record.field_key_taken", {"key": back}, (one.key,))
            taken.add((one.target, back))


def _plain(owner: ObjectType, fields: Sequence[FieldShape], known: set[str]) -> Iterator[AnyProblem]:
    keys = {one.key for one in fields}
    if owner.title_field and owner.title_field not in keys:
        yield Problem("record.title_field_unknown", {"field": owner.title_field}, ("titleField",))
    for one in fields:
        if one.target and one.target not in known:
            yield Problem("record.target_missing", {"target": one.target}, (one.key,))
        if isinstance(one.settings, FormulaSettings):
            try:
                formula(one.settings.formula)
            except FormulaError as error:
                yield FormulaProblem(one.key, error.mistake)


def _shape(owner: ObjectType, fields: Sequence[FieldShape], settings: StageSettings) -> Shape:
    try:
        return compile_type(owner, fields, settings)
    except CycleError as error:
        path = " → ".join(str(step[0]) for step in error.path)
        raise Refused(Problem("record.formula_cycle", {"path": path}, (str(error.path[0][0]),))) from None


def _formulas(web: Web, shape: Shape) -> Iterator[AnyProblem]:
    scope = Scope(web.scope(shape), {})
    every = [(key, one) for key, one in shape.reckoned.items() if one is not None]
    every += [(key, one) for (key, _), one in shape.sums.items()]
    for key, one in every:
        for mistake in check(one.tree, scope).mistakes:
            yield FormulaProblem(f"{shape.key}.{key}", mistake)
