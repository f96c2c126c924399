"""Merges what every room adds to the schema, puts the guards before its root fields, and sets its limits."""

import sys

from graphql import GraphQLError
from strawberry import Schema
from strawberry.extensions import MaskErrors
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from potok.calendars.graphql import CalendarsMutation, CalendarsQuery
from potok.memory.graphql import MemoryMutation, MemoryQuery
from potok.messages.graphql import MessagesQuery
from potok.people.graphql.mutations import PeopleMutation
from potok.people.graphql.queries import PeopleQuery
from potok.records.graphql.imports import ImportsMutation, ImportsQuery
from potok.records.graphql.mutations import RecordsMutation
from potok.records.graphql.object_mutations import ObjectsMutation
from potok.records.graphql.queries import RecordsQuery
from potok.runs.graphql.control import ControlMutation, ControlQuery
from potok.runs.graphql.events import EventsQuery
from potok.runs.graphql.items import ItemsQuery
from potok.runs.graphql.news import NewsSubscription
from potok.runs.graphql.queries import RunsQuery, RunsSubscription
from potok.runs.graphql.retention import RetentionMutation, RetentionQuery
from potok.runs.graphql.signals import SignalsMutation
from potok.runs.graphql.timers import TimersQuery
from potok.scenarios.graphql.mutations import ScenariosMutation
from potok.scenarios.graphql.queries import ScenariosQuery
from potok.server import limits
from potok.server.errors import all_shown
from potok.server.graphql_catalog import CatalogQuery, CatalogSubscription
from potok.server.graphql_formulas import FormulasQuery
from potok.server.graphql_options import OptionsQuery
from potok.server.rules import enforce

Query = merge_types(
    "Query",
    (
        PeopleQuery,
        ScenariosQuery,
        CatalogQuery,
        OptionsQuery,
        FormulasQuery,
        RunsQuery,
        ItemsQuery,
        ControlQuery,
        TimersQuery,
        RetentionQuery,
        EventsQuery,
        MessagesQuery,
        CalendarsQuery,
        MemoryQuery,
        RecordsQuery,
        ImportsQuery,
    ),
)
Mutation = merge_types(
    "Mutation",
    (
        PeopleMutation,
        ScenariosMutation,
        ControlMutation,
        RetentionMutation,
        SignalsMutation,
        CalendarsMutation,
        MemoryMutation,
        RecordsMutation,
        ObjectsMutation,
        ImportsMutation,
    ),
)
Subscription = merge_types("Subscription", (RunsSubscription, NewsSubscription, CatalogSubscription))
ROOTS = (Query, Mutation, Subscription)


class ShowErrors(MaskErrors):
    """Lets callers see what they may; see potok.server.errors."""

    def _process_errors(self, errors: list[GraphQLError]) -> list[GraphQLError]:
        request = self.execution_context.context
        return all_shown(errors, request.locale, request.request_id)


class PotokSchema(Schema):
    """The schema. Unexpected errors are logged by ShowErrors, once and with an id."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing more to do here."""


def make_schema() -> PotokSchema:
    """Raises MissingRule when a root field has no rule."""
    for root in ROOTS:
        enforce(root)
    return PotokSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(disable_field_suggestions=True),
        extensions=[ShowErrors, *limits.EXTENSIONS],
    )


def printed() -> str:
    """The schema as text; frontend/schema.graphql holds the same (`python -m potok.server.schema` prints it)."""
    return print_schema(make_schema()) + "\n"


if __name__ == "__main__":
    sys.stdout.write(printed())
