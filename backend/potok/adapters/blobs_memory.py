"""The in-memory twin of the large values: the same port, the same contract suite, nothing compressed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from potok.engine.ports_blobs import Large, LargeKey

_T = TypeVar("_T")


class MemoryBlobs:
    """See potok.engine.ports.Blobs. Look into its fields from tests only."""

    def __init__(self, budget: int = 1 << 30) -> None:
        self.kept: dict[LargeKey, bytes | None] = {}
        self.held: dict[UUID, dict[tuple[UUID, bytes], bytes]] = defaultdict(dict)
        self.used: dict[UUID, int] = defaultdict(int)
        self._budget = budget

    async def put(self, larges: Sequence[Large]) -> None:
        """Within the budget, else for the holders only."""
        for one in larges:
            if self.kept.get(one.key) is not None:
                continue
            scenario = one.scenario_id
            if scenario is None or self.used[scenario] + len(one.raw) <= self._budget:
                self.kept[one.key] = one.raw
                if scenario is not None:
                    self.used[scenario] += len(one.raw)
                continue
            self.kept[one.key] = None
            for run_id in one.holders:
                self.held[run_id][one.key.workspace_id, one.key.sha] = one.raw

    async def get(self, keys: Sequence[LargeKey]) -> dict[bytes, bytes]:
        """From what is kept, else from what is held."""
        found: dict[bytes, bytes] = {}
        for key in keys:
            raw = self.kept.get(key)
            for held in self.held.values():
                raw = raw if raw is not None else held.get((key.workspace_id, key.sha))
            if raw is not None:
                found[key.sha] = raw
        return found

    async def forget(self, run_ids: Sequence[UUID]) -> None:
        """Ended runs hold nothing."""
        for run_id in run_ids:
            self.held.pop(run_id, None)


def bounded(wanted: Sequence[_T], weigh: Callable[[_T], int], most: int | None) -> list[_T]:
    """No more large payloads than that, but at least one if any may be taken."""
    size, kept = 0, []
    for item in wanted:
        weight = weigh(item)
        if weight and most is not None and (size >= most or (size and size + weight > most)):
            continue
        size += weight
        kept.append(item)
    return kept
