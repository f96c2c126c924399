"""Nobody gets in: every root field has a rule, anonymous callers get nothing, roles hold."""

import json
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_input_type,
    is_leaf_type,
)
from strawberry.types.base import get_object_definition
from tests.rooms.house import PASSWORD, Api, House, Place, Socket, open_socket
from websockets.exceptions import ConnectionClosed, InvalidStatus

from potok.people.models import Role
from potok.people.permissions import GRANTED, Permission
from potok.server.rules import Guard, root_fields, rule_of
from potok.server.schema import ROOTS, Mutation, Query, Subscription, make_schema

SCHEMA: GraphQLSchema = make_schema()._schema
ID = "0190a6f0-0000-7000-8000-000000000000"
REACHED_THROUGH_RULED_ROOTS = {
    "ApiKey", "ApiKeyPayload", "Catalog", "CatalogChange", "DonePayload", "Event", "Hook", "Install", "Member",
    "FormulaCheck", "FormulaExample", "FormulaFunction", "FormulaMistake", "FormulaOffer", "FormulaSignature",
    "MemberPayload", "NodeGroup", "NodeOption", "NodeOptions", "NodeType", "Notice", "NoticeConnection",
    "OutboxConnection", "OutboxMessage",
    "PageInfo", "Person", "Plugin", "PluginError", "Port", "Problem", "Run", "RunConnection", "RunCounts",
    "RunError", "RunPayload", "RunProgress", "Scenario", "ScenarioConnection", "ScenarioPayload",
    "ScenarioVersion", "Step", "StepProgress", "User", "Viewer", "ViewerPayload", "Workspace",
    "WorkspaceChange",
    "CalendarException", "CalendarPayload", "HolidayCountry", "HolidaysPayload", "WorkCalendar", "WorkHours",
    "CancelRunsPayload", "Effect", "EffectConnection", "RunCause", "RunChangePayload", "RunControl",
    "HistoryTable", "Retention", "RetentionPayload", "RetentionPreview",
    "ConsideredScenario", "EventConnection", "RuleResult",
    "Variable", "VariableConnection", "VariablePayload",
    "StepCounts", "StepItem", "StepItemConnection", "UndoneStep",
    "CloseReason", "FieldKind", "ObjectField", "ObjectType", "ObjectTypePayload", "PackPayload",
    "Pipeline", "Stage",
    "Record", "RecordActor", "RecordChange", "RecordChangeConnection", "RecordConnection", "RecordEdge",
    "RecordImport", "RecordImportColumn", "RecordImportPayload", "RecordImportProblem", "RecordImportReport",
    "RecordImportUndo", "RecordPerson",
    "RecordGroup", "RecordPayload", "RecordRef", "RecordSums",
    "SendSignalPayload", "ScenarioStorage", "SettleEffectPayload", "Timer", "TimerConnection",
}  # fmt: skip
"""Object types without rules of their own: their rows come from a root field that had one. A new type is listed
here only by somebody who has thought about which root leads to it."""


def _literal(kind: Any) -> str:
    """Some value of an input type, as GraphQL text."""
    if isinstance(kind, GraphQLNonNull):
        return _literal(kind.of_type)
    if isinstance(kind, GraphQLList):
        return "[]"
    if isinstance(kind, GraphQLEnumType):
        return str(next(iter(kind.values)))
    if isinstance(kind, GraphQLInputObjectType):
        needed = {name: one for name, one in kind.fields.items() if isinstance(one.type, GraphQLNonNull)}
        inner = [f"{name}: {_literal(one.type)}" for name, one in needed.items()]
        return "{" + ", ".join(inner) + "}"
    return {"Int": "1", "Boolean": "true", "JSON": "{}", "ID": f'"{ID}"'}.get(kind.name, '"x"')


def _call(name: str, found: GraphQLField) -> str:
    """A call of a root field with all its required arguments."""
    given = [
        f"{argument}: {_literal(one.type)}"
        for argument, one in found.args.items()
        if isinstance(one.type, GraphQLNonNull)
    ]
    arguments = f"({', '.join(given)})" if given else ""
    shown = "" if is_leaf_type(get_named_type(found.type)) else " { __typename }"
    return f"{name}{arguments}{shown}"


def _roots() -> list[tuple[str, str, GraphQLField, Any]]:
    found = []
    for operation, root, kind in (
        ("query", SCHEMA.query_type, Query),
        ("mutation", SCHEMA.mutation_type, Mutation),
        ("subscription", SCHEMA.subscription_type, Subscription),
    ):
        assert root is not None
        rules = {field.python_name: rule_of(field) for field in root_fields(kind)}
        for name, one in root.fields.items():
            python_name = "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)
            found.append((operation, name, one, rules[python_name]))
    return found


CALLS = [pytest.param(*call, id=f"{call[0]}-{call[1]}") for call in _roots()]


def test_every_root_field_has_a_rule_and_a_guard() -> None:
    for root in ROOTS:
        for field in root_fields(root):
            assert rule_of(field)
            assert any(isinstance(one, Guard) for one in field.extensions), field.python_name


def test_public_fields_are_the_door_itself_and_nothing_else() -> None:
    public = {name for _, name, _, rule in _roots() if rule == "public"}
    assert public == {"install", "viewer", "setup", "signIn", "signOut"}


def test_every_other_object_type_is_known_to_be_reached_through_a_ruled_root() -> None:
    roots = {SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type}
    types = {
        name
        for name, kind in SCHEMA.type_map.items()
        if not name.startswith("__") and kind not in roots and not is_input_type(kind)
    }
    assert types == REACHED_THROUGH_RULED_ROOTS


def test_a_field_without_a_rule_stops_the_start() -> None:
    import strawberry  # only this test declares GraphQL

    from potok.server.rules import MissingRule, enforce

    @strawberry.type
    class Careless:
        @strawberry.field
        def everything(self) -> str:
            """Whatever."""
            return "secret"

    assert get_object_definition(Careless)
    with pytest.raises(MissingRule, match="everything"):
        enforce(Careless)


@pytest.mark.parametrize(("operation", "name", "field", "rule"), CALLS)
async def test_anonymous_gets_nothing(
    nobody: Api, operation: str, name: str, field: GraphQLField, rule: Any
) -> None:
    if rule == "public" or operation == "subscription":
        return
    assert await nobody.refused(f"{operation} {{ {_call(name, field)} }}") == "unauthenticated"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("operation", "name", "field", "rule"), CALLS)
async def test_roles_hold(
    house: House, place: Place, operation: str, name: str, field: GraphQLField, rule: Any, role: Role
) -> None:
    """Whoever lacks the permission is refused; whoever holds it gets past the guard."""
    if not isinstance(rule, Permission) or operation == "subscription" or rule in GRANTED[role]:
        return
    async with house.api(place.keys[role]) as api:
        assert await api.refused(f"{operation} {{ {_call(name, field)} }}") == "forbidden"


async def test_an_anonymous_socket_is_closed(house: House) -> None:
    with pytest.raises(ConnectionClosed) as closed:
        async with open_socket(house):
            pass
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


async def test_a_socket_from_another_site_is_refused(house: House, place: Place) -> None:
    key = place.keys[Role.OWNER]
    with pytest.raises(InvalidStatus) as refused:
        async with open_socket(house, Authorization=f"Bearer {key}", Origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_subscriptions_of_another_workspace_are_not_found(house: House, place: Place, other: Place) -> None:
    async with house.api(place.keys[Role.BUILDER]) as api:
        made = (await api('mutation { createScenario(title: "Mine") { scenario { id } } }'))["createScenario"]
    key = other.keys[Role.OWNER]
    async with open_socket(house, Authorization=f"Bearer {key}") as socket:
        await _watch(socket, made["scenario"]["id"])
        message = await socket.next()
    assert "scenario_not_found" in json.dumps(message)


async def _watch(socket: Socket, scenario_id: str) -> None:
    await socket.subscribe("subscription($id: ID!) { runProgress(scenarioId: $id) { runId } }", id=scenario_id)


async def test_a_malformed_or_revoked_key_is_nobody(house: House, place: Place, owner: Api) -> None:
    keys = (await owner("{ apiKeys { id name } }"))["apiKeys"]
    viewer_key = next(key["id"] for key in keys if key["name"] == "viewer key")
    async with house.api(place.keys[Role.VIEWER]) as api:
        assert await api("{ scenarios { nodes { id } } }")
        await owner("mutation($id: ID!) { revokeApiKey(id: $id) { done } }", id=viewer_key)
        assert await api.refused("{ scenarios { nodes { id } } }") == "unauthenticated"
    for nonsense in ("potok_", "potok_nonsense", "x" * 5000, "Bearer"):
        async with house.api(nonsense) as api:
            assert await api.refused("{ scenarios { nodes { id } } }") == "unauthenticated"


async def test_a_cookie_is_only_taken_from_our_own_pages(house: House, place: Place) -> None:
    async with house.api() as browser:
        await browser(
            "mutation($e: String!, $p: String!) { signIn(email: $e, password: $p) { problems { code } } }",
            e=place.emails[Role.OWNER],
            p=PASSWORD,
        )
        own = await browser.raw("{ scenarios { nodes { id } } }", headers={"Origin": house.url})
        assert "errors" not in own.json()
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            foreign = await browser.raw("mutation { createScenario { scenario { id } } }", headers=headers)
            assert foreign.status_code == 403, headers


async def test_a_signed_in_browser_may_open_a_socket_from_our_page_only(house: House, place: Place) -> None:
    async with house.api() as browser:
        await browser(
            "mutation($e: String!, $p: String!) { signIn(email: $e, password: $p) { problems { code } } }",
            e=place.emails[Role.VIEWER],
            p=PASSWORD,
        )
        cookie = f"potok_session={browser.client.cookies['potok_session']}"
    async with open_socket(house, Cookie=cookie, Origin=house.url):
        pass
    with pytest.raises(InvalidStatus):
        async with open_socket(house, Cookie=cookie, Origin="https://evil.example"):
            pass


async def test_signing_in_from_another_site_is_refused(house: House, place: Place, nobody: Api) -> None:
    answer = await nobody.raw(
        'mutation { signIn(email: "a@b.cd", password: "x") { problems { code } } }',
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
