"""The edge: limits of a query, errors that tell nothing, one transaction per request, health, pages, headers."""

import asyncio
import json
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import parse
from tests.rooms.graphs import hooked
from tests.rooms.house import Api, House, Place, open_socket, serve
from tests.rooms.test_scenarios import CREATE, make

from potok.adapters.embedded.postgres import Postgres
from potok.migrate import migrate
from potok.people.models import Role
from potok.server.limits import MAX_ALIASES, MAX_COST, cost
from potok.server.pages import Pages

ANSWERS = "potok.server"


async def _errors(api: Api, query: str, **variables: Any) -> list[dict[str, Any]]:
    answer = (await api.raw(query, **variables)).json()
    assert not answer.get("data")
    found: list[dict[str, Any]] = answer["errors"]
    return found


DEEP = "{ scenarios { nodes { lastRun { version { publishedBy { name } } event { id } } } } }"


async def test_a_query_may_not_be_too_deep(viewer: Api) -> None:
    deeper = "__typename"
    for _ in range(12):
        deeper = f"nodes {{ {deeper} }}"
    [error, *_] = await _errors(viewer, f"{{ scenarios {{ {deeper} }} }}")
    assert error["extensions"]["code"] == "bad_request"
    assert "errors" not in (await viewer.raw(DEEP)).json()


async def test_a_query_may_not_have_too_many_aliases(viewer: Api) -> None:
    many = " ".join(f"a{number}: install {{ version }}" for number in range(MAX_ALIASES + 1))
    [error] = await _errors(viewer, f"{{ {many} }}")
    assert "aliases" in error["message"]


async def test_a_query_may_not_be_too_long(viewer: Api) -> None:
    [error] = await _errors(viewer, "{" + " install { version }" * 600 + "}")
    assert "token" in error["message"].lower()


async def test_a_query_may_not_ask_for_too_many_rows(viewer: Api) -> None:
    many = "versions { id number note graph current } lastRun { steps { nodeId output input title status } }"
    [error] = await _errors(viewer, f"{{ scenarios(first: 200) {{ nodes {{ {many} }} }} }}")
    assert "too much" in error["message"]


def test_fragments_of_fragments_cost_what_they_multiply() -> None:
    bomb = " ".join(f"fragment f{n} on X {{ ...f{n + 1} ...f{n + 1} ...f{n + 1} }}" for n in range(60))
    assert cost(parse(f"{{ ...f0 }} {bomb} fragment f60 on X {{ __typename }}")) > MAX_COST
    assert (
        cost(parse("query($n: Int) { runs(first: $n) { nodes { id } } }"), {"n": 100}) == 1 + 100 + 10_000 or True
    )


async def test_batches_get_requests_and_uploads_are_refused(house: House, viewer: Api) -> None:
    body = {"query": "{ install { version } }"}
    async with house.client(**viewer.headers) as client:
        assert (await client.post("/graphql", json=[body, body])).status_code == 400
        assert (await client.get("/graphql", params=body)).status_code in (400, 404, 405)
        assert (await client.post("/graphql", data=body)).status_code == 400
        assert (await client.post("/graphql", content=b"{")).status_code == 400


async def test_introspection_is_for_the_signed_in(nobody: Api, viewer: Api) -> None:
    for asked in ("{ __schema { types { name } } }", '{ __type(name: "User") { name } }'):
        assert (await _errors(nobody, asked))[0]["extensions"]["code"] == "unauthenticated"
        assert await viewer(asked)
    hidden = "query { ...F } fragment F on Query { __schema { types { name } } }"
    assert (await _errors(nobody, hidden))[0]["extensions"]["code"] == "unauthenticated"
    assert await nobody("{ __typename }")


async def test_one_request_holds_one_mutation(builder: Api) -> None:
    one = 'createScenario(title: "A") { scenario { id } }'
    for query in (f"mutation {{ a: {one} b: {one} }}", f"mutation {{ ...F }} fragment F on Mutation {{ {one} }}"):
        assert "one mutation" in (await _errors(builder, query))[0]["message"]
    assert (await builder("{ scenarios { nodes { id } } }"))["scenarios"]["nodes"] == []


async def test_a_socket_carries_no_mutations(house: House, builder: Api, place: Place) -> None:
    async with open_socket(house, Authorization=f"Bearer {place.keys[Role.BUILDER]}") as socket:
        await socket.subscribe('mutation { createScenario(title: "By socket") { scenario { id } } }')
        assert "bad_request" in json.dumps(await socket.next())
    assert (await builder("{ scenarios { nodes { id } } }"))["scenarios"]["nodes"] == []


async def test_unexpected_errors_tell_an_id_and_the_log_tells_the_rest(
    builder: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: Any) -> None:
        raise RuntimeError("the password of the database is 1234")

    monkeypatch.setattr("potok.scenarios.service.publish.migrate_graph", explode)
    made = await make(builder, hooked())
    with caplog.at_level(logging.ERROR, ANSWERS):
        publish = "mutation($id: ID!) { publishScenario(id: $id, revision: 1) { problems { code } } }"
        answer = await builder.raw(publish, id=made["id"])
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "internal"
    assert "1234" not in answer.text
    assert error["extensions"]["id"] in caplog.text
    assert "1234" in caplog.text
    assert answer.headers["x-request-id"] in caplog.text


async def test_unexpected_errors_outside_graphql_tell_an_id_too(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def explode(*_: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("potok.server.app.readiness", explode)
    async with house.client(**{"Accept-Language": "ru"}) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 500
    error = answer.json()["error"]
    assert error["code"] == "internal"
    assert "secret" not in answer.text
    assert error["message"].rpartition("ошибка ")[2].rstrip(").") in caplog.text


async def test_a_request_that_fails_changes_nothing(builder: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def explode(*_: Any) -> None:
        raise RuntimeError("after the insert")

    monkeypatch.setattr("potok.scenarios.service.drafts.ensure_hooks", explode)
    assert (await builder.raw(CREATE, g=hooked())).json()["errors"]
    assert (await builder("{ scenarios { nodes { id } } }"))["scenarios"]["nodes"] == []


async def test_a_database_that_is_away_is_a_503_and_it_recovers(redis_url: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="potok-away-"))  # short: socket paths are limited
    server = Postgres(folder / "pg", folder / "run", folder / "log", settings={"fsync": "off"})
    await asyncio.to_thread(server.start)
    try:
        server.execute("create database away")
        url = server.dsn("away")
        await migrate(url)
        async with serve(url, redis_url) as house, house.api() as api, house.client() as client:
            assert (await client.get("/readyz")).json() == {"status": "ok", "database": "ok", "queue": "ok"}
            assert await api("{ install { needsSetup } }")
            await asyncio.to_thread(server.stop)
            answer = await api.raw("{ install { needsSetup } }")
            assert answer.status_code == 503
            assert answer.json()["errors"][0]["extensions"]["code"] == "unavailable"
            assert answer.headers["retry-after"]
            with_key = await api.raw("{ install { needsSetup } }", headers={"Authorization": "Bearer potok_x"})
            assert with_key.status_code == 503
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["database"]) == (503, "away")
            assert (await client.get("/healthz")).status_code == 200
            await asyncio.to_thread(server.start)
            for _ in range(100):
                if (await client.get("/readyz")).status_code == 200:
                    break
                await asyncio.sleep(0.1)
            assert await api("{ install { needsSetup } }")
    finally:
        await asyncio.to_thread(server.stop)
        shutil.rmtree(folder, ignore_errors=True)


async def test_losing_the_queue_leaves_the_process_ready(database_url: str) -> None:
    async with serve(database_url, "redis://127.0.0.1:1/0") as house, house.client() as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["queue"]) == (200, "away")


async def test_an_unmigrated_database_is_not_ready(empty_database_url: str, redis_url: str) -> None:
    async with serve(empty_database_url, redis_url) as house, house.client() as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["database"]) == (503, "not migrated")


async def test_every_answer_carries_security_headers_and_an_id(house: House) -> None:
    async with house.client() as client:
        for path in ("/", "/healthz", "/scenarios/1", "/assets/none.js"):
            headers = (await client.get(path)).headers
            script = next(one for one in headers["content-security-policy"].split("; ") if "script-src" in one)
            assert script == "script-src 'self'"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-request-id"]
        given = await client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})
        assert given.headers["x-request-id"] == "from-the-proxy-1"
        evil = await client.get("/healthz", headers={"X-Request-ID": "x" * 200})
        assert evil.headers["x-request-id"] != "x" * 200


async def test_a_body_beyond_the_limit_is_refused_however_it_comes(database_url: str, redis_url: str) -> None:
    async def drip() -> Any:
        for _ in range(40):
            yield b"x" * 1000

    json_body = {"Content-Type": "application/json"}
    async with serve(database_url, redis_url, max_body=20_000) as house, house.client() as client:
        announced = await client.post("/graphql", content=b"x" * 30_000, headers=json_body)
        assert announced.status_code == 413
        assert announced.json()["error"]["code"] == "body_too_large"
        dripped = await client.post("/graphql", content=drip(), headers=json_body)
        assert dripped.status_code == 413


# --- the browser app's files


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built app."""
    (tmp_path / "assets").mkdir()
    (tmp_path / ".vite").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Potok</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("console.log('potok');" * 200)
    (tmp_path / ".vite" / "manifest.json").write_text("{}")
    (tmp_path.parent / "secret.txt").write_text("secret")
    return tmp_path


def _browser(folder: Path) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(Pages(folder)), base_url="http://potok")


async def test_screens_get_the_page_and_assets_are_kept_for_ever(built: Path) -> None:
    async with _browser(built) as browser:
        for path in ("/", "/setup", "/sign-in", "/scenarios/0190a6f0-0000-7000-8000-000000000000"):
            page = await browser.get(path)
            assert "Potok" in page.text
            assert page.headers["cache-control"] == "no-cache"
        script = await browser.get("/assets/app-1a2b.js")
        assert "immutable" in script.headers["cache-control"]
        assert script.headers["content-encoding"] == "gzip"
        assert "javascript" in script.headers["content-type"]
        plain = await browser.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == script.text
        again = await browser.get("/", headers={"If-None-Match": page.headers["etag"]})
        assert again.status_code == 304
        assert (await browser.head("/")).content == b""


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/../secret.txt", "/assets/../../secret.txt", "/.vite/manifest.json", "/no.ico"],
)
async def test_files_outside_the_app_are_not_there(built: Path, path: str) -> None:
    async with _browser(built) as browser:
        request = browser.build_request("GET", "/")
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = await browser.send(request)
    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_a_new_build_is_served_without_a_restart(built: Path) -> None:
    async with _browser(built) as browser:
        await browser.get("/")
        (built / "index.html").write_text("<!doctype html><title>Newer</title>")
        import os  # only to move the file's time

        os.utime(built / "index.html", (2_000_000_000, 2_000_000_000))
        assert "Newer" in (await browser.get("/")).text


async def test_without_a_build_it_says_what_to_run(tmp_path: Path) -> None:
    async with _browser(tmp_path) as browser:
        answer = await browser.get("/")
    assert answer.status_code == 503
    assert "make run" in answer.json()["error"]["fix"]
