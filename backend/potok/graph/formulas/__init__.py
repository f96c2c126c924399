"""Formulas: one Excel-like grammar with Russian and English names, exact numbers, budgets. Pure.

docs/formulas/README.md says what a formula may be; every function is on its page there.
"""

from potok.graph.formulas.checker import Checked, Scope, check
from potok.graph.formulas.dependencies import CycleError, Path, dependencies, order, references
from potok.graph.formulas.formula import Formula, evaluate, formula
from potok.graph.formulas.mistakes import FormulaError, Mistake
from potok.graph.formulas.parser import parse
from potok.graph.formulas.plain import to_plain
from potok.graph.formulas.printer import to_text
from potok.graph.formulas.types import Type, of_schema, of_value
from potok.graph.formulas.values import Money

__all__ = [
    "Checked",
    "CycleError",
    "Formula",
    "FormulaError",
    "Mistake",
    "Money",
    "Path",
    "Scope",
    "Type",
    "check",
    "dependencies",
    "evaluate",
    "formula",
    "of_schema",
    "of_value",
    "order",
    "parse",
    "references",
    "to_plain",
    "to_text",
]
