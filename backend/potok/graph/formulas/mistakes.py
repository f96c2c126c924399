"""What can be wrong with a formula: a code, the characters it is about, and words for people."""

from dataclasses import dataclass, field, replace
from typing import Any

from potok.words import DEFAULT, Words, say

_KINDS = ("wanted", "found", "other")
"""Parameters that name a kind of value; the reader sees its name in his language."""

FATAL = frozenset({"too_many_steps", "too_much_memory", "too_deep"})
"""Mistakes IFERROR cannot hide: the formula asks for more than it may have."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong. `start` and `end` count characters of the formula's text, `end` not included."""

    code: str
    start: int = -1
    end: int = -1
    params: dict[str, Any] = field(default_factory=dict)

    def words(self, locale: str = DEFAULT) -> Words:
        """What is wrong, and how to mend it."""
        shown = {name: self._shown(name, value, locale) for name, value in self.params.items()}
        return say(f"formula.{self.code}", locale, **shown)

    def at(self, start: int, end: int) -> "Mistake":
        """The same with a place, unless it has one."""
        return self if self.start >= 0 else replace(self, start=start, end=end)

    @staticmethod
    def _shown(name: str, value: Any, locale: str) -> str:
        if name in _KINDS:
            return say(f"formula.kind.{value}", locale).message
        text = str(value)
        return text if len(text) <= 80 else f"{text[:79]}…"


class FormulaError(Exception):
    """A formula that cannot be read, or a value that cannot be found."""

    def __init__(self, code: str, start: int = -1, end: int = -1, **params: Any) -> None:
        super().__init__(code)
        self.mistake = Mistake(code, start, end, params)

    @property
    def code(self) -> str:
        """The mistake's code."""
        return self.mistake.code

    @property
    def fatal(self) -> bool:
        """Whether nothing inside the formula may catch it."""
        return self.mistake.code in FATAL

    def at(self, start: int, end: int) -> "FormulaError":
        """This error with a place, unless it has one already (the innermost place is the best)."""
        self.mistake = self.mistake.at(start, end)
        return self

    def words(self, locale: str = DEFAULT) -> Words:
        """What is wrong, and how to mend it."""
        return self.mistake.words(locale)

    def __str__(self) -> str:
        return f"{self.code} at {self.mistake.start}: {self.words().message}"
