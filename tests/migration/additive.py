"""What a "before" migration may do: it is run against a recorder, and every call is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import sqlalchemy as sa

Reasons = Mapping[str, str]
"""How a call that is not additive by its form begins -> why older processes work on all the same."""


@dataclass
class Recorder:
    """Stands for `alembic.op`. `faults` are calls that older processes might not survive."""

    reasons: Reasons
    faults: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    _new: set[str] = field(default_factory=set)

    def create_table(self, name: str, *_: Any, **__: Any) -> None:
        """Nobody older knows it."""
        self._new.add(name)

    def create_index(self, name: str, table: str, *_: Any, **__: Any) -> None:
        """On a table that has rows it keeps writers waiting, all through the migration's transaction."""
        if table not in self._new:
            self._fault(f"create_index {name} on {table}")

    def create_foreign_key(self, name: str, source: str, *_: Any, **__: Any) -> None:
        """Rows of older processes might not keep it."""
        if source not in self._new:
            self._fault(f"create_foreign_key {name} on {source}")

    def add_column(self, table: str, column: "sa.Column[Any]", **_: Any) -> None:
        """Older processes do not fill it."""
        free = (column.nullable or column.server_default is not None) and not (
            column.unique or column.primary_key or column.foreign_keys or column.index
        )
        if not free and table not in self._new:
            self._fault(f"add_column {table}.{column.name}")

    def execute(self, statement: Any, **_: Any) -> None:
        """Anything may stand in there: each statement needs a reason."""
        self._fault(f"execute {' '.join(str(statement).split())}")

    def __getattr__(self, name: str) -> Any:
        """Everything else takes away or reshapes."""
        return lambda *arguments, **_: self._fault(f"{name} {' '.join(map(str, arguments))}")

    def _fault(self, call: str) -> None:
        reason = next((start for start in self.reasons if call.startswith(start)), None)
        if reason is None:
            self.faults.append(call[:100])
        else:
            self.used.add(reason)


def judged(module: ModuleType, reasons: Reasons) -> Recorder:
    """What the module's `upgrade` does."""
    recorder = Recorder(reasons)
    kept = module.op
    module.op = recorder  # type: ignore[attr-defined]  # every migration has it
    try:
        module.upgrade()
    finally:
        module.op = kept  # type: ignore[attr-defined]  # see above
    return recorder
