"""What the people room announces."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NoticesRead:
    """Somebody has read notices: their other open screens count anew."""

    workspace_id: UUID
