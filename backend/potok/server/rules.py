"""The one place that decides who may call a root field. The rules themselves stand beside the fields."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, get_args

from graphql import GraphQLError
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver
from strawberry.types import Info
from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField

from potok.gql import RULE, Rule
from potok.people.service import Caller, Permission
from potok.words import say


class MissingRule(Exception):
    """A root field nobody wrote a rule for; the process must not start with it."""


class Guard(FieldExtension):
    """Refuses callers whom the rule does not admit, before the resolver runs."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info[Any, Any], **kwargs: Any
    ) -> Any:
        """A subscription's resolver answers a stream, which is not awaited."""
        check(self.rule, info.context.caller, info.context.locale)
        result: Any = next_(source, info, **kwargs)
        return result if isinstance(result, AsyncIterator) else await result


def check(rule: Rule, caller: Caller | None, locale: str) -> None:
    """Raises GraphQLError with the code `unauthenticated` or `forbidden`."""
    if rule == "public":
        return
    if caller is None:
        raise _refusal("unauthenticated", locale)
    if isinstance(rule, Permission) and not caller.may(rule):
        raise _refusal("forbidden", locale)


def root_fields(root: type) -> Iterator[StrawberryField]:
    """The fields of a root type."""
    definition = get_object_definition(root, strict=True)
    yield from definition.fields


def rule_of(field: StrawberryField) -> Rule:
    """The rule written beside a root field. Raises MissingRule."""
    rule: Any = field.metadata.get(RULE)
    if isinstance(rule, Permission) or rule in get_args(get_args(Rule)[1]):
        found: Rule = rule
        return found
    raise MissingRule(
        f"{field.python_name} has no rule who may call it: use potok.gql.query, mutation, subscription"
    )


def enforce(root: type) -> None:
    """Put a guard before every field of a root type. Raises MissingRule for a field without a rule."""
    for field in root_fields(root):
        guard = Guard(rule_of(field))
        if not any(isinstance(one, Guard) for one in field.extensions):
            field.extensions = [guard, *field.extensions]


def _refusal(code: str, locale: str) -> GraphQLError:
    words = say(code, locale)
    return GraphQLError(words.message, extensions={"code": code, "fix": words.fix})
