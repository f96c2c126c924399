"""What was wrong with a request: a code and its parameters; the words come last, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from potok.words import DEFAULT, Words, say

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `code` names its words; `path` names the field, outermost first."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    severity: Severity = "error"
    node_id: str | None = None

    def words(self, locale: str = DEFAULT) -> Words:
        """What happened and how to mend it. Raises KeyError for a code nobody has written down."""
        return say(self.code, locale, **self.params)


class Refused(Exception):
    """A service will not do it. Carries every problem found, so that nothing has to be discovered one by one."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.words().message for problem in problems))
        self.problems = problems


def refuse(code: str, *path: str, **params: Any) -> Refused:
    """A refusal with one problem: `raise refuse("email_taken", "email", email=...)`."""
    return Refused(Problem(code, params, path))
