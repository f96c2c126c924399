"""Plugins seen from outside: news when one breaks or heals, its README, and lists asked of it while editing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from tests.rooms.house import Api, House, Place, open_socket, serve

from potok.people.models import Role

SMS = '''
from potok.sdk import Ctx, Option, Options, Retry, UserError, action
import asyncio

@action("sms.send", net=["api.sms.example"])
async def send(
    sender: str = "", broken: str = "", slow: str = "", away: str = "", refused: str = "", far: str = ""
) -> None:
    """Send a text message."""

@send.options("sender")
async def _(search: str, page: int) -> Options:
    found = [name for name in ("Anna", "Boris", "Clara") if search.lower() in name.lower()]
    shown = found[page * 2 - 2:page * 2]
    return Options([Option(name.lower(), name) for name in shown], more=len(found) > page * 2)

@send.options("broken")
async def _() -> list[str]:
    return [1 / 0]

@send.options("slow")
async def _() -> list[str]:
    await asyncio.sleep(60)

@send.options("away")
async def _() -> list[str]:
    raise Retry("busy")

@send.options("refused")
async def _(sender: str) -> list[str]:
    raise UserError("sender", f"No sender {sender}.", "Choose one.", code="no_sender", sender=sender)

@send.options("far")
async def _(ctx: Ctx) -> list[str]:
    return (await ctx.http.request("GET", "https://elsewhere.example/")).json()
'''
OPTIONS = """query($f: String!, $p: JSON, $s: String! = "", $n: Int! = 1) {
  nodeOptions(type: "sms.send", field: $f, params: $p, search: $s, page: $n) {
    options { value title } hasMore problems { code message fix path } } }"""
PLUGINS = "{ plugins { id readme error { message } } }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plugins folder with one grown plugin."""
    sms = tmp_path / "sms"
    (sms / "locales").mkdir(parents=True)
    (sms / "__init__.py").write_text(SMS, encoding="utf-8")
    (sms / "README.md").write_text("# SMS\n\nSends <b>messages</b>.", encoding="utf-8")
    (sms / "README.ru.md").write_text("# СМС\n\nШлёт сообщения.", encoding="utf-8")
    words = '{"errors": {"no_sender": ["Нет отправителя {sender}.", "Выберите другого."]}}'
    (sms / "locales" / "ru.json").write_text(words, encoding="utf-8")
    return tmp_path


@pytest_asyncio.fixture(loop_scope="session")
async def shop(database_url: str, redis_url: str, folder: Path) -> AsyncIterator[House]:
    """A Potok with that folder."""
    async with serve(database_url, redis_url, plugins=folder) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def api(shop: House, place: Place) -> AsyncIterator[Api]:
    """A builder there."""
    async with shop.api(place.keys[Role.BUILDER]) as found:
        yield found


async def ask(api: Api, field: str, **more: Any) -> Any:
    return (await api(OPTIONS, f=field, **more))["nodeOptions"]


async def test_a_list_is_searched_and_paged(api: Api) -> None:
    assert await ask(api, "sender") == {
        "options": [{"value": "anna", "title": "Anna"}, {"value": "boris", "title": "Boris"}],
        "hasMore": True,
        "problems": [],
    }
    assert (await ask(api, "sender", n=2))["options"] == [{"value": "clara", "title": "Clara"}]
    found = await ask(api, "sender", s=" BOR ")
    assert (found["options"], found["hasMore"]) == ([{"value": "boris", "title": "Boris"}], False)


async def test_what_goes_wrong_is_said_in_words(
    api: Api, shop: House, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("potok.server.graphql_options.PATIENCE", 0.2)
    for field, code in (
        ("slow", "options_slow"),
        ("away", "options_away"),
        ("broken", "options_fault"),
        ("far", "http_undeclared"),
        ("nothing", "options_unknown"),
    ):
        found = await ask(api, field)
        assert found["options"] == []
        assert [one["code"] for one in found["problems"]] == [code]
        assert all(one["message"] for one in found["problems"])
    assert "ZeroDivisionError" in (await ask(api, "broken"))["problems"][0]["message"]
    [said] = (await ask(api, "refused", p={"sender": "X"}))["problems"]
    assert said == {
        "code": "no_sender",
        "message": "No sender X.",
        "fix": "Choose one.",
        "path": ["params", "sender"],
    }
    async with shop.api(place.keys[Role.BUILDER], **{"Accept-Language": "ru"}) as russian:
        assert (await ask(russian, "refused", p={"sender": "X"}))["problems"][0]["message"] == "Нет отправителя X."


async def test_asking_a_plugin_is_for_builders(shop: House, place: Place) -> None:
    async with shop.api(place.keys[Role.VIEWER]) as viewer:
        assert await viewer.refused(OPTIONS, f="sender") == "forbidden"


async def test_fields_with_a_list_are_marked(api: Api) -> None:
    [found] = (await api("{ catalog { nodeTypes { inputSchema } } }"))["catalog"]["nodeTypes"]
    marked = {name for name, one in found["inputSchema"]["properties"].items() if one.get("x-options")}
    assert marked == {"sender", "broken", "slow", "away", "refused", "far"}


async def test_the_readme_comes_as_it_is_in_the_readers_language(api: Api, shop: House, place: Place) -> None:
    assert (await api(PLUGINS))["plugins"][0]["readme"] == "# SMS\n\nSends <b>messages</b>."
    async with shop.api(place.keys[Role.VIEWER], **{"Accept-Language": "ru"}) as russian:
        assert (await russian(PLUGINS))["plugins"][0]["readme"].startswith("# СМС")


async def test_a_plugin_that_breaks_and_heals_is_told(api: Api, shop: House, place: Place, folder: Path) -> None:
    key = f"Bearer {place.keys[Role.VIEWER]}"
    async with open_socket(shop, Authorization=key) as socket:
        await socket.subscribe("subscription { catalogChanged { hash plugins } }")
        await asyncio.sleep(1)
        told = []
        for text in ("def broken(:", "import nothing_like_this", None):
            file = folder / "fax.py"
            file.write_text(text, encoding="utf-8") if text is not None else file.unlink()
            message = await socket.next()
            told.append(message["payload"]["data"]["catalogChanged"])
            errors = {one["id"]: one["error"] for one in (await api(PLUGINS))["plugins"]}
            assert (errors.get("fax") is not None) is (text is not None)
    assert len({one["hash"] for one in told}) == 1, "the blocks stayed the same"
    assert len({one["plugins"] for one in told}) == 3
