"""How the types of a workspace hang together: who points to whom, and whose formulas read whose fields. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from potok.graph.formulas.types import Type, list_of, record_of
from potok.records.kinds.links import RelationSettings
from potok.records.shape import FieldShape, Path, Shape

DEEPEST = 4
"""Relations a formula may read through, one behind another."""


class Step(NamedTuple):
    """From one record to the next: along a relation, or backwards to all that point here."""

    field: FieldShape
    back: bool
    to: Shape


class Reader(NamedTuple):
    """Formulas of `shape` read `key` of the records at the end of `steps` (the record itself without a key)."""

    shape: Shape
    steps: tuple[Step, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Web:
    """All types of one workspace. `as_of`: when one of them was changed last."""

    shapes: Mapping[str, Shape]
    as_of: datetime | None = None
    backs: Mapping[str, Mapping[str, tuple[Shape, FieldShape]]] = field(default_factory=dict)
    """Key of a type -> what its formulas call those that point to it -> (their type, their relation)."""
    readers: Mapping[str, Sequence[Reader]] = field(default_factory=dict)
    """Key of a type -> whose formulas read its records."""
    by_ids: Mapping[UUID, Shape] = field(default_factory=dict)

    def by_key(self, key: str) -> Shape | None:
        """The type of this key."""
        return self.shapes.get(key)

    def by_id(self, type_id: UUID) -> Shape | None:
        """The type with this id."""
        return self.by_ids.get(type_id)

    def step(self, shape: Shape, word: str) -> Step | None:
        """Where this word of a path leads, None when it is no relation."""
        one = shape.fields.get(word)
        if one is not None:
            target = self.shapes.get(one.target) if one.target else None
            return Step(one, False, target) if target is not None else None
        found = self.backs.get(shape.key, {}).get(word)
        return Step(found[1], True, found[0]) if found is not None else None

    def walk(self, shape: Shape, path: Path) -> tuple[tuple[Step, ...], tuple[str, ...]]:
        """The steps at the beginning of a path, and the words that are left."""
        steps: list[Step] = []
        here = shape
        for place, word in enumerate(path):
            step = self.step(here, word) if len(steps) < DEEPEST else None
            if step is None:
                return tuple(steps), path[place:]
            steps.append(step)
            here = step.to
        return tuple(steps), ()

    def scope(self, shape: Shape) -> Mapping[str, Type]:
        """What formulas of this type may name, for checking before anything runs."""
        return self._fields(shape, DEEPEST - 1)

    def _fields(self, shape: Shape, depth: int) -> Mapping[str, Type]:
        known: dict[str, Type] = {}
        for key, one in shape.fields.items():
            target = self.shapes.get(one.target) if one.target else None
            if target is None or not depth:
                known[key] = one.kind.type_of(one.settings)
            else:
                inner = record_of(self._fields(target, depth - 1), closed=True)
                many = isinstance(one.settings, RelationSettings) and one.settings.many
                known[key] = list_of(inner) if many else inner
        if depth:
            for key, (source, _) in self.backs.get(shape.key, {}).items():
                known[key] = list_of(record_of(self._fields(source, depth - 1), closed=True))
        return known


def make_web(shapes: Sequence[Shape], as_of: datetime | None = None) -> Web:
    """Put the types together."""
    by_key = {one.key: one for one in shapes}
    backs: dict[str, dict[str, tuple[Shape, FieldShape]]] = {}
    for shape in shapes:
        for one in shape.relations:
            if isinstance(one.settings, RelationSettings) and one.settings.back:
                backs.setdefault(one.target, {})[one.settings.back] = (shape, one)
    plain = Web(by_key, as_of, backs)
    readers: dict[str, list[Reader]] = {}
    for shape in shapes:
        for reader in _readers(plain, shape):
            readers.setdefault(reader.steps[-1].to.key, []).append(reader)
    return Web(by_key, as_of, backs, readers, {one.id: one for one in shapes})


def _readers(web: Web, shape: Shape) -> Iterator[Reader]:
    """One for every record on the way of a path: `contact.company.name` depends on which company, too."""
    for path in sorted(shape.reads):
        steps, rest = web.walk(shape, path)
        for length in range(1, len(steps) + 1):
            key = path[length] if length < len(steps) else (rest[0] if rest else "")
            yield Reader(shape, steps[:length], key)
