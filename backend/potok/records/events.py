"""What the records room announces."""

from dataclasses import dataclass
from uuid import UUID

CHANNEL = "potok:records"
"""Redis channel that carries the id of a workspace whose records changed: there is something to tell scenarios."""


@dataclass(frozen=True, slots=True)
class RecordsChanged:
    """The timeline has new lines."""

    workspace_id: UUID
