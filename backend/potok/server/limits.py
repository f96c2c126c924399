"""How much one GraphQL document may ask: tokens, depth, aliases, a simple cost, one mutation, introspection."""

from collections.abc import Callable, Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)
from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter, SchemaExtension
from strawberry.types.graphql import OperationType as StrawberryOperation

from potok.people.service import Caller

MAX_TOKENS = 2_000
MAX_DEPTH = 8
MAX_ALIASES = 30
MAX_COST = 20_000
"""Fields, counted once per row they are asked for: a page of 50 with 20 fields each costs about 1,000."""
DEFAULT_ROWS = 50


def cost(document: DocumentNode, variables: dict[str, object] | None = None) -> int:
    """The dearest operation of the document. Stops counting soon after MAX_COST, so that it is cheap itself."""
    fragments = {
        one.name.value: one.selection_set
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    counting = _Counting(fragments, variables or {})
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return max((counting.selections(one.selection_set, 1, frozenset()) for one in operations), default=0)


class _Counting:
    def __init__(self, fragments: dict[str, SelectionSetNode], variables: dict[str, object]) -> None:
        self.fragments = fragments
        self.variables = variables
        self.total = 0

    def selections(self, found: SelectionSetNode | None, rows: int, inside: frozenset[str]) -> int:
        """Adds up the fields of a selection, each for so many rows."""
        for one in found.selections if found else ():
            if self.total > MAX_COST:
                break
            if isinstance(one, FieldNode):
                self.total += rows
                self.selections(one.selection_set, rows * self._page(one), inside)
            elif isinstance(one, InlineFragmentNode):
                self.selections(one.selection_set, rows, inside)
            elif isinstance(one, FragmentSpreadNode) and one.name.value not in inside:
                name = one.name.value
                self.total += rows  # else fragments of fragments would multiply for nothing
                self.selections(self.fragments.get(name), rows, inside | {name})
        return self.total

    def _page(self, node: FieldNode) -> int:
        """Rows the field may answer: its `first`; some for the lists that have none."""
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value = argument.value
                if isinstance(value, IntValueNode):
                    return max(1, int(value.value))
                given = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
                return max(1, given) if isinstance(given, int) else DEFAULT_ROWS
        if node.name.value in {"scenarios", "runs", "outbox", "notices"}:
            return DEFAULT_ROWS
        return 10 if node.name.value in {"versions", "steps"} else 1


class Limits(SchemaExtension):
    """Checks a parsed document before anything is resolved."""

    def on_validate(self) -> Iterator[None]:
        """Adds errors; any error stops the request."""
        context = self.execution_context
        document = context.graphql_document
        if document is not None and not context.pre_execution_errors:
            caller: Caller | None = context.context.caller
            errors = list(_errors(document, context.variables, caller))
            if context.context.session is None and context.operation_type is not StrawberryOperation.SUBSCRIPTION:
                errors.append(GraphQLError("The websocket carries subscriptions only; send this by POST."))
            if errors:
                context.pre_execution_errors = errors
        yield


def _errors(
    document: DocumentNode, variables: dict[str, object] | None, caller: Caller | None
) -> Iterator[GraphQLError]:
    if cost(document, variables) > MAX_COST:
        yield GraphQLError(f"The query asks for too much (more than {MAX_COST} fields). Ask for smaller pages.")
    if caller is None and any(_introspects(one) for one in document.definitions):
        yield GraphQLError("Introspection is for signed-in callers.", extensions={"code": "unauthenticated"})
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode) and one.operation is OperationType.MUTATION:
            # One request is one transaction: with two mutations, the failure of one would take the other back.
            only = one.selection_set.selections
            if len(only) != 1 or not isinstance(only[0], FieldNode):
                yield GraphQLError("Send one mutation per request, as a plain field.")


def _introspects(node: object) -> bool:
    """Whether a definition asks for the schema; `__typename` is not that."""
    selection = getattr(node, "selection_set", None)
    for one in selection.selections if selection else ():
        if isinstance(one, FieldNode) and one.name.value in {"__schema", "__type"}:
            return True
        if isinstance(one, InlineFragmentNode) and _introspects(one):
            return True
    return False


EXTENSIONS: list[Callable[[], SchemaExtension]] = [
    lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
    lambda: QueryDepthLimiter(max_depth=MAX_DEPTH),
    lambda: MaxAliasesLimiter(max_alias_count=MAX_ALIASES),
    Limits,
]
"""All limits; made anew for every request."""
