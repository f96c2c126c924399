"""A type made ready to work with: fields by key, in which order formulas are reckoned, what they read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from potok.graph.formulas import Formula, formula, order
from potok.graph.formulas.syntax import Expr
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
    rights: Mapping[str, str] = field(default_factory=dict)
    """{role: none | read | write}; see `rights`."""

    @property
    def seen_as(self) -> Kind:
        """What lists and filters take it for."""
        return effective(self.kind, self.settings)

    @property
    def target(self) -> str:
        """Key of the type a relation points to, else empty."""
        return self.settings.target if isinstance(self.settings, RelationSettings) else ""


class PipelineSum(NamedTuple):
    """A pipeline works out a field by itself."""

    pipeline: str
    field: str
    formula: str


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A type: `reckoned` are its formulas by key, each after those it reads."""

    id: UUID
    key: str
    workspace_id: UUID
    names: Mapping[str, Any]
    title_field: str
    fields: Mapping[str, FieldShape]
    reckoned: Mapping[str, Formula | None] = field(default_factory=dict)
    """In order. None: the field has a formula in some pipelines only, see `sums`."""
    sums: Mapping[tuple[str, str], Formula] = field(default_factory=dict)
    """(key of a money field, id of a pipeline) -> how the pipeline works it out."""
    reads: frozenset[Path] = frozenset()
    """What the formulas name beyond the record's own values: ("contact", "discount"), ("items", "sum")."""
    hidden: frozenset[str] = frozenset()
    """Keys that have been left out of `fields` for somebody's role."""

    def formula(self, key: str, data: Mapping[str, Any]) -> Formula | None:
        """How this field of this record is worked out; None when a person fills it."""
        found = self.reckoned.get(key)
        return found if found is not None else self.sums.get((key, str(data.get("pipeline"))))

    @property
    def has_stages(self) -> bool:
        """Whether its records move through pipelines."""
        return "stage" in self.fields

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
        row.rights or {},
    )


def make_shape(row: Any, fields: Sequence[FieldShape], sums: Sequence[PipelineSum] = ()) -> Shape:
    """Raises CycleError when formulas need one another, FormulaError for one that cannot be read."""
    by_key = {one.key: one for one in fields}
    found = {one.key: formula(one.settings.formula) for one in fields if isinstance(one.settings, FormulaSettings)}
    by_pipeline = {(one.field, one.pipeline): formula(one.formula) for one in sums if one.field in by_key}
    trees: dict[tuple[str | int, ...], Expr] = {(key,): one.tree for key, one in found.items()}
    for key in {key for key, _ in by_pipeline}:
        trees[key,] = formula(_together([one.text for (at, _), one in by_pipeline.items() if at == key])).tree
    sequence = [str(path[0]) for path in order(trees)]
    own = {key for key, one in by_key.items() if not one.target}
    paths = {tuple(map(str, path)) for one in (*found.values(), *by_pipeline.values()) for path in one.paths}
    return Shape(
        row.id,
        row.key,
        row.workspace_id,
        row.names,
        row.title_field,
        by_key,
        {key: found.get(key) for key in sequence},
        by_pipeline,
        frozenset(path for path in paths if path[0] not in own),
    )


def _together(texts: Sequence[str]) -> str:
    """One formula that reads whatever any of these reads, for the order of reckoning."""
    return f"COUNTA({'; '.join(f'({text})' for text in texts)})"
