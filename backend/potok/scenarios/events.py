"""What the scenarios room announces."""

from dataclasses import dataclass
from uuid import UUID

CHANNEL = "potok:scenario"
"""Redis channel that carries the id of a changed scenario, so that every process drops what it cached of it."""


@dataclass(frozen=True, slots=True)
class ScenarioChanged:
    """Published, switched on or off, or deleted: what events would start has changed."""

    scenario_id: UUID
