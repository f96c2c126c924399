"""GraphQL pieces all rooms share: problems, page info, batching, ids, and the rule every root field declares."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from enum import Enum
from typing import Any, Literal, TypeVar, cast
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from potok.people.service import Permission
from potok.problems import AnyProblem, Refused
from potok.request import Request

Info = StrawberryInfo[Request, None]
Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
Resolver = TypeVar("Resolver", bound=Callable[..., Any])

Rule = Permission | Literal["public", "signed_in"]
"""Who may call a root field: anybody, anybody signed in, or those who hold a permission."""
RULE = "potok.rule"


def query(needed: Rule) -> Callable[[Resolver], Resolver]:
    """A root field of Query with the rule who may ask it.

    server/rules.py is the one place that enforces rules; a root field without one stops the process from starting.
    """
    return cast("Callable[[Resolver], Resolver]", strawberry.field(metadata={RULE: needed}))


def mutation(needed: Rule) -> Callable[[Resolver], Resolver]:
    """A mutation with the rule who may call it."""
    return cast("Callable[[Resolver], Resolver]", strawberry.mutation(metadata={RULE: needed}))


def subscription(needed: Rule) -> Callable[[Resolver], Resolver]:
    """A subscription with the rule who may listen."""
    return cast("Callable[[Resolver], Resolver]", strawberry.subscription(metadata={RULE: needed}))


@strawberry.enum
class Severity(Enum):
    """An error blocks, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@strawberry.type
class Problem:
    """One thing that is wrong, where, and how to mend it, in the reader's language."""

    code: str
    message: str
    fix: str
    severity: Severity
    node_id: strawberry.ID | None
    path: list[str]


@strawberry.type
class PageInfo:
    """Whether there is more, and the cursor to ask for it with."""

    end_cursor: str | None
    has_next_page: bool


@strawberry.type
class DonePayload:
    """The answer of a mutation that has nothing to show."""

    done: bool
    problems: list[Problem]


def told(problem: AnyProblem, request: Request) -> Problem:
    """A problem in the words of this request."""
    words = problem.words(request.locale, request.catalog)
    return Problem(
        code=problem.code,
        message=words.message,
        fix=words.fix,
        severity=Severity(problem.severity),
        node_id=strawberry.ID(problem.node_id) if problem.node_id else None,
        path=[str(part) for part in problem.path],
    )


def all_told(refused: Refused, request: Request) -> list[Problem]:
    """Every problem of a refusal."""
    return [told(problem, request) for problem in refused.problems]


def read_id(value: str) -> UUID | None:
    """The id in an argument; None for anything that cannot be one, which is the same as "not found"."""
    try:
        return UUID(value)
    except ValueError:
        return None


def batched(
    info: Info, name: str, load: Callable[[list[Key]], Awaitable[Mapping[Key, Found]]]
) -> DataLoader[Key, Found | None]:
    """The request's loader of this name: gathers the keys of a whole list into one call of `load`."""
    loaders = info.context.loaders
    if name not in loaders:

        async def gather(keys: list[Key]) -> Sequence[Found | None]:
            found = await load(keys)
            return [found.get(key) for key in keys]

        loaders[name] = DataLoader(load_fn=gather)
    loader: DataLoader[Key, Any] = loaders[name]
    return loader
