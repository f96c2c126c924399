"""What the engine needs from where large values are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID


class LargeKey(NamedTuple):
    """Where a large value is kept: the first id of its owner's day, the workspace, the hash of its JSON."""

    day: UUID
    workspace_id: UUID
    sha: bytes


@dataclass(slots=True)
class Large:
    """A value too large to stand where it is used, as JSON."""

    key: LargeKey
    raw: bytes
    scenario_id: UUID | None
    """Whose budget it counts against."""
    holders: Sequence[UUID] = ()
    """Runs that read it again, so it is kept until they end even if the budget is used up."""


@dataclass(slots=True)
class Needs:
    """Large values a claimed run must read before it goes on: hashes (hex) and sizes, of its event and its own."""

    of_event: dict[str, int]
    of_run: dict[str, int]

    @property
    def weight(self) -> int:
        """Bytes of JSON."""
        return sum((self.of_event | self.of_run).values())


class Blobs(Protocol):
    """Keeps large values, each once. Raises StoreUnavailable, PayloadRefused."""

    async def put(self, larges: Sequence[Large]) -> None:
        """Keep these before what refers to them is written.

        Beyond the scenario's budget only the beginning is kept, and the whole for its holders until they end.
        """
        ...

    async def get(self, keys: Sequence[LargeKey]) -> dict[bytes, bytes]:
        """Their JSON, by hash; those that are not kept are left out."""
        ...

    async def forget(self, run_ids: Sequence[UUID]) -> None:
        """These runs have ended: let go of what was kept for them only."""
        ...
