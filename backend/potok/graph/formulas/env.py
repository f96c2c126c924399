"""What one evaluation may use: data, the moment it counts as now, and its budgets."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from potok.graph.formulas.limits import MAX_LIST, MAX_MEMORY, MAX_STEPS, MAX_TEXT
from potok.graph.formulas.mistakes import FormulaError

WorkingDay = Callable[[date], bool]
"""Whether it is worked on a date."""


class Env:
    """One evaluation. `now` is aware, in the zone whose calendar counts; `slots` hold what list functions bind."""

    __slots__ = ("memory_left", "names", "now", "slots", "steps", "steps_left", "working_day")

    def __init__(
        self,
        names: Mapping[str, Any],
        steps: Mapping[str, Any],
        now: datetime | None,
        slots: int = 0,
        max_steps: int = MAX_STEPS,
        max_memory: int = MAX_MEMORY,
        working_day: WorkingDay | None = None,
    ) -> None:
        self.names = names
        self.steps = steps
        self.now = now
        self.slots: list[Any] = [None] * slots if slots else []
        self.steps_left = max_steps
        self.memory_left = max_memory
        self.working_day = working_day

    def spend(self, steps: int) -> None:
        """Pay for work before doing it."""
        self.steps_left -= steps
        if self.steps_left < 0:
            raise FormulaError("too_many_steps")

    def made_text(self, length: int) -> None:
        """Pay for a text, before it is made."""
        if length > MAX_TEXT:
            raise FormulaError("text_too_long", limit=MAX_TEXT)
        self.memory_left -= length
        if self.memory_left < 0:
            raise FormulaError("too_much_memory")

    def made_list(self, length: int) -> None:
        """Pay for a list and for going through it, before it is made."""
        if length > MAX_LIST:
            raise FormulaError("list_too_long", limit=MAX_LIST)
        self.memory_left -= length
        self.steps_left -= length
        if self.memory_left < 0:
            raise FormulaError("too_much_memory")
        if self.steps_left < 0:
            raise FormulaError("too_many_steps")

    def weigh(self, value: Any) -> None:
        """Pay for going through a value once: 256 characters, or an item of a list or record, a step."""
        if type(value) is str:
            if len(value) > 256:
                self.spend(len(value) >> 8)
        elif isinstance(value, list | Mapping):
            self._weigh_all(value)

    def _weigh_all(self, value: Any) -> None:
        stack = [value]
        while stack:
            held = stack.pop()
            inner = held.values() if isinstance(held, Mapping) else held
            self.spend(len(held) + 1)
            for one in inner:
                if isinstance(one, list | Mapping):
                    stack.append(one)
                elif type(one) is str and len(one) > 256:
                    self.spend(len(one) >> 8)

    def clock(self) -> datetime:
        """The given moment. Raises FormulaError where nobody gave one."""
        if self.now is None:
            raise FormulaError("no_clock")
        return self.now
