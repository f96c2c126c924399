"""Whether a type holds together: relations point somewhere, formulas can be read and do not go in circles."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from potok.graph.formulas import CycleError, FormulaError, Mistake, Scope, check, formula
from potok.problems import Problem, Refused
from potok.records import repository
from potok.records.kinds.computed import FormulaSettings
from potok.records.models import ObjectType
from potok.records.shape import FieldShape, make_field, make_shape, scope_of
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


async def check_shape(db: AsyncSession, owner: ObjectType) -> None:
    """Raises Refused with everything that is wrong."""
    fields = [make_field(one) for one in await repository.fields(db, [owner.id])]
    problems: list[Problem] = []
    if owner.title_field and owner.title_field not in {one.key for one in fields}:
        problems.append(Problem("record.title_field_unknown", {"field": owner.title_field}, ("titleField",)))
    known = {one.key for one in await repository.types(db, owner.workspace_id)}
    problems += [
        Problem("record.target_missing", {"target": one.target}, (one.key,))
        for one in fields
        if one.target and one.target not in known
    ]
    unread = [found for one in fields if (found := _unreadable(one)) is not None]
    if problems or unread:
        raise Refused(*problems, *unread)
    try:
        shape = make_shape(owner, fields)
    except CycleError as error:
        path = " → ".join(str(step[0]) for step in error.path)
        raise Refused(Problem("record.formula_cycle", {"path": path}, (str(error.path[0][0]),))) from None
    scope = Scope(scope_of(shape), {})
    wrong = [
        FormulaProblem(key, mistake)
        for key, one in shape.reckoned.items()
        for mistake in check(one.tree, scope).mistakes
    ]
    if wrong:
        raise Refused(*wrong)


def _unreadable(one: FieldShape) -> FormulaProblem | None:
    if not isinstance(one.settings, FormulaSettings):
        return None
    try:
        formula(one.settings.formula)
    except FormulaError as error:
        return FormulaProblem(one.key, error.mistake)
    return None
