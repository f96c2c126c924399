"""A formula ready to run: parsed and compiled once, evaluated as often as wanted."""

from collections.abc import Mapping
from datetime import datetime
from decimal import DecimalException
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from potok.graph.formulas.compiler import Compiler
from potok.graph.formulas.dependencies import Path, dependencies
from potok.graph.formulas.env import Env, WorkingDay
from potok.graph.formulas.functions import FUNCTIONS
from potok.graph.formulas.limits import MAX_MEMORY, MAX_STEPS
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.parser import parse
from potok.graph.formulas.syntax import Call, Expr, walk

_NO_NAMES: Mapping[str, Any] = MappingProxyType({})


class Formula:
    """`tree`; `paths` it depends on; `wants_clock`: whether it asks for the present moment."""

    __slots__ = ("_run", "_slots", "paths", "text", "tree", "wants_clock")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree: Expr = parse(text)
        compiler = Compiler()
        self._run = compiler.compile(self.tree)
        self._slots = compiler.slots
        self.paths: frozenset[Path] = dependencies(self.tree)
        self.wants_clock = any(
            isinstance(node, Call) and FUNCTIONS[node.name].clock for node, _ in walk(self.tree)
        )

    def run(
        self,
        names: Mapping[str, Any] = _NO_NAMES,
        steps: Mapping[str, Any] = _NO_NAMES,
        now: datetime | None = None,
        max_steps: int = MAX_STEPS,
        max_memory: int = MAX_MEMORY,
        working_day: WorkingDay | None = None,
    ) -> Any:
        """The value. `now` must be aware; its zone is the one whose days count. Raises FormulaError.

        `working_day` says which dates are worked; without it Monday to Friday are.
        """
        env = Env(names, steps, now, self._slots, max_steps, max_memory, working_day)
        try:
            return self._run(env)
        except FormulaError as error:
            raise error.at(0, len(self.text)) from None
        except DecimalException:
            raise FormulaError("number_too_large", 0, len(self.text)) from None
        except OverflowError:
            raise FormulaError("date_out_of_range", 0, len(self.text)) from None
        except RecursionError:
            raise FormulaError("too_deep", 0, len(self.text), limit="") from None


@lru_cache(maxsize=4096)
def formula(text: str) -> Formula:
    """The compiled formula of a text (kept). Raises FormulaError."""
    return Formula(text)


def evaluate(
    text: str,
    names: Mapping[str, Any] = _NO_NAMES,
    steps: Mapping[str, Any] = _NO_NAMES,
    now: datetime | None = None,
) -> Any:
    """The value of a formula's text. Raises FormulaError."""
    return formula(text).run(names, steps, now)
