"""Variables: who may see and change them, what they hold, and what runs make of them; with a real worker."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.graphs import graph, node
from tests.rooms.house import Api, House, Place
from tests.rooms.test_control import Works, becomes, started, worker
from tests.rooms.test_scenarios import publish
from uuid_utils.compat import uuid7

from potok.adapters.history.forget import forget
from potok.migrate import plain_url

__all__ = ["worker"]

LIST = """query($s: ID, $n: Int! = 50, $a: String) { variables(scenarioId: $s, first: $n, after: $a) {
  nodes { name kind value scenarioId scenarioTitle updatedByRun updatedBy }
  pageInfo { endCursor hasNextPage } } }"""
SET = """mutation($input: VariableInput!) { setVariable(input: $input) {
  variable { name kind value scenarioId updatedBy } problems { code path fix } } }"""
DELETE = (
    """mutation($n: String!, $s: ID) { deleteVariable(name: $n, scenarioId: $s) { done problems { code } } }"""
)


async def put(api: Api, name: str, kind: str, value: Any, **more: Any) -> dict[str, Any]:
    """The answer."""
    given = {"name": name, "kind": kind, "value": value, **more}
    found: dict[str, Any] = (await api(SET, input=given))["setVariable"]
    return found


async def listed(api: Api, **given: Any) -> list[dict[str, Any]]:
    """All of a page."""
    found: list[dict[str, Any]] = (await api(LIST, **given))["variables"]["nodes"]
    return found


async def test_a_variable_is_set_listed_and_deleted(owner: Api) -> None:
    assert await listed(owner) == []
    await put(owner, "tax", "NUMBER", "0.20")
    await put(owner, "greeting", "TEXT", "Привет")
    long = "12345678901234567890.123456789"
    assert (await put(owner, "long", "NUMBER", long))["variable"]["value"] == long
    await put(owner, "on", "BOOLEAN", True)
    await put(owner, "data", "JSON", {"a": [1, None]})
    assert [(one["name"], one["kind"], one["value"]) for one in await listed(owner)] == [
        ("data", "JSON", {"a": [1, None]}),
        ("greeting", "TEXT", "Привет"),
        ("long", "NUMBER", long),
        ("on", "BOOLEAN", True),
        ("tax", "NUMBER", 0.2),
    ]
    page = (await owner(LIST, n=2))["variables"]
    assert page["pageInfo"]["hasNextPage"]
    rest = await listed(owner, a=page["pageInfo"]["endCursor"])
    assert [one["name"] for one in rest] == ["long", "on", "tax"]
    assert (await owner(DELETE, n="tax"))["deleteVariable"]["done"]
    (problem,) = (await owner(DELETE, n="tax"))["deleteVariable"]["problems"]
    assert problem["code"] == "variable_not_found"


async def test_only_administrators_of_the_workspace_see_and_change_them(
    owner: Api, builder: Api, viewer: Api, stranger: Api
) -> None:
    shown = await publish(builder, graph(node("start", "manual.started"), edges=[]))
    await put(owner, "own", "TEXT", "x", scenarioId=shown["id"])
    for api in (builder, viewer):
        assert await api.refused(LIST) == "forbidden"
        assert await api.refused(SET, input={"name": "a", "kind": "TEXT", "value": "x"}) == "forbidden"
        assert await api.refused(DELETE, n="own") == "forbidden"
    assert await listed(stranger) == []
    assert await listed(stranger, s=shown["id"]) == []
    refused = await put(stranger, "own", "TEXT", "y", scenarioId=shown["id"])
    assert [one["code"] for one in refused["problems"]] == ["scenario_not_found"]
    assert not (await stranger(DELETE, n="own", s=shown["id"]))["deleteVariable"]["done"]
    assert [one["value"] for one in await listed(owner, s=shown["id"])] == ["x"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("", "TEXT", "x"), "variable_name"),
        (("x" * 101, "TEXT", "x"), "variable_name"),
        (("v", "NUMBER", "many"), "variable_number"),
        (("v", "NUMBER", True), "variable_number"),
        (("v", "NUMBER", "1e90"), "variable_large"),
        (("v", "TEXT", 5), "variable_text"),
        (("v", "BOOLEAN", "yes"), "variable_boolean"),
        (("v", "JSON", ["x" * 70_000]), "variable_large"),
    ],
)
async def test_what_a_variable_cannot_hold_is_said(owner: Api, given: tuple[str, str, Any], code: str) -> None:
    (problem,) = (await put(owner, *given))["problems"]
    assert problem["code"] == code
    assert problem["fix"]


async def test_runs_count_and_read_what_others_left(owner: Api, builder: Api, worker: Works) -> None:
    worker.start()
    document = graph(
        node("start", "manual.started"),
        node("count", "variable.add", name="orders", amount="0.1"),
        node("seen", "data.dedupe", key="the same"),
        node("rate", "variable.get", name="tax", scope="workspace", otherwise=1),
        edges=[("start", "out", "count"), ("count", "out", "seen"), ("seen", "new", "rate")],
    )
    shown = await publish(builder, document)
    await put(owner, "tax", "NUMBER", 20)
    runs = [await started(builder, shown) for _ in range(3)]
    ended = [await becomes(builder, run_id, "SUCCEEDED", 10) for run_id in runs]
    (found,) = await listed(owner, s=shown["id"])
    assert (found["name"], found["value"], found["scenarioTitle"]) == ("orders", 0.3, "Orders")
    assert found["updatedByRun"] in runs
    steps = [{one["nodeId"]: one for one in run["steps"]} for run in ended]
    assert sorted(one["seen"]["output"]["times"] for one in steps) == [1, 2, 3]
    (first,) = [one for one in steps if one["seen"]["output"]["times"] == 1]
    assert first["rate"]["output"] == {"value": 20, "found": True}
    assert [one["rate"]["status"] for one in steps].count("SKIPPED") == 2


async def test_what_is_over_is_forgotten_and_nothing_else(house: House, place: Place, db: AsyncSession) -> None:
    now, old = datetime.now(UTC), datetime.now(UTC) - timedelta(days=31)
    for key, until in (("over", old), ("kept", now + timedelta(days=1))):
        await db.execute(
            text("INSERT INTO seen VALUES (:w, 'shared:x', :k, :r, :t, 1, :u)"),
            {"w": place.id, "k": key, "r": uuid7(), "t": old, "u": until},
        )
        await db.execute(
            text("INSERT INTO memory_answer VALUES (:k, :r, 'null', :t)"),
            {"k": f"{place.id}:{key}", "r": uuid7(), "t": old if key == "over" else now},
        )
        await db.execute(
            text("INSERT INTO signal VALUES (:i, :w, 'paid', :k, '1', NULL, NULL, :t, :t)"),
            {"i": uuid7(), "w": place.id, "k": key, "t": old if key == "over" else now},
        )
    await db.commit()
    connection = await asyncpg.connect(plain_url(house.settings.database_url))
    try:
        assert await forget(connection) >= 3
        left = await connection.fetch(
            "SELECT key FROM seen WHERE workspace_id = $1 UNION ALL SELECT key FROM signal WHERE workspace_id = $1"
            " UNION ALL SELECT split_part(key, ':', 2) FROM memory_answer WHERE key LIKE $1::text || ':%'",
            place.id,
        )
    finally:
        await connection.close()
    assert [row[0] for row in left] == ["kept", "kept", "kept"]
