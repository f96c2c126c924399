"""What was wrong with a request: a code and its parameters; the words come last, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from potok.words import DEFAULT, Words, say

Severity = Literal["error", "warning"]


class AnyProblem(Protocol):
    """What the edge shows: problems of requests (below) and of documents (potok.graph)."""

    @property
    def code(self) -> str:
        """A stable name for programs."""
        ...

    @property
    def severity(self) -> Severity:
        """Only an error stops anything."""
        ...

    @property
    def node_id(self) -> str | None:
        """The node it is about, if any."""
        ...

    @property
    def path(self) -> tuple[str, ...]:
        """The way to the field, outermost first."""
        ...

    def words(self, locale: str = DEFAULT, labels: Any = None) -> Words:
        """What happened and how to mend it; `labels` names node types and fields."""
        ...


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `code` names its words; `path` names the field, outermost first."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    severity: Severity = "error"
    node_id: str | None = None

    def words(self, locale: str = DEFAULT, labels: Any = None) -> Words:
        """What happened and how to mend it. Raises KeyError for a code nobody has written down."""
        return say(self.code, locale, **self.params)


class Refused(Exception):
    """A service will not do it. Carries every problem found, so that nothing has to be discovered one by one."""

    def __init__(self, *problems: AnyProblem) -> None:
        super().__init__("; ".join(problem.words().message for problem in problems))
        self.problems = problems


def refuse(code: str, *path: str, **params: Any) -> Refused:
    """A refusal with one problem: `raise refuse("email_taken", "email", email=...)`."""
    return Refused(Problem(code, params, path))
