"""A type made ready to work with: fields by key, in which order formulas are reckoned, what they read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from potok.graph.formulas import Formula, formula, order
from potok.records.kinds import KINDS, Kind, Settings, effective, options_of
from potok.records.kinds.computed import FormulaSettings
from potok.records.kinds.links import RelationSettings

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FieldShape:
    """One field, ready."""

    id: UUID
    key: str
    kind: Kind
    settings: Settings
    names: Mapping[str, str]
    required: bool = False
    unique: bool = False
    default: Any = None

    @property
    def seen_as(self) -> Kind:
        """What lists and filters take it for."""
        return effective(self.kind, self.settings)

    @property
    def target(self) -> str:
        """Key of the type a relation points to, else empty."""
        return self.settings.target if isinstance(self.settings, RelationSettings) else ""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A type: `reckoned` are its formulas by key, each after those it reads."""

    id: UUID
    key: str
    workspace_id: UUID
    names: Mapping[str, Any]
    title_field: str
    fields: Mapping[str, FieldShape]
    reckoned: Mapping[str, Formula] = field(default_factory=dict)
    reads: frozenset[Path] = frozenset()
    """What the formulas name beyond the record's own values: ("contact", "discount"), ("items", "sum")."""

    @property
    def relations(self) -> Sequence[FieldShape]:
        """Fields that point to records."""
        return [one for one in self.fields.values() if one.target]


def make_field(row: Any) -> FieldShape:
    """From a stored ObjectField. Raises KeyError for a kind nobody knows, ValidationError for wrong settings."""
    kind = KINDS[row.kind]
    return FieldShape(
        row.id,
        row.key,
        kind,
        options_of(kind, row.settings),
        row.names,
        row.required,
        row.is_unique and kind.unique,
        row.default,
    )


def make_shape(row: Any, fields: Sequence[FieldShape]) -> Shape:
    """Raises CycleError when formulas need one another, FormulaError for one that cannot be read."""
    by_key = {one.key: one for one in fields}
    found = {one.key: formula(one.settings.formula) for one in fields if isinstance(one.settings, FormulaSettings)}
    sequence = order({(key,): one.tree for key, one in found.items()})
    reckoned = {str(path[0]): found[str(path[0])] for path in sequence}
    own = {key for key, one in by_key.items() if not one.target}
    paths = {tuple(map(str, path)) for one in reckoned.values() for path in one.paths}
    return Shape(
        row.id,
        row.key,
        row.workspace_id,
        row.names,
        row.title_field,
        by_key,
        reckoned,
        frozenset(path for path in paths if path[0] not in own),
    )
