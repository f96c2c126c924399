"""The one outbound HTTP client, against real servers on this machine."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from potok.adapters.http import OutboundHttp, retry_after
from potok.adapters.http_connect import Resolver
from potok.sdk import RateLimited, Retry, UserError
from potok.sdk.ctx import HttpClient

PRIVATE = "10.1.2.3"
Answer = Callable[[str, str, dict[str, str], bytes], Awaitable[bytes] | bytes]


def reply(status: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[int]:
    """A tiny HTTP server on a free port; `answer(method, path, headers, body)` gives the raw bytes to send."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, path, _ = head[0].split(" ")
            headers = {
                name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            raw = answer(method, path, headers, body)
            writer.write(raw if isinstance(raw, bytes) else await raw)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def outbound(allowed: str = "127.0.0.1", **options: object) -> AsyncIterator[HttpClient]:
    found = OutboundHttp(allowed, **options)  # type: ignore[arg-type]  # passed on as given
    try:
        yield found.for_hosts(["*"])
    finally:
        await found.aclose()


def resolving(*answers: Sequence[str]) -> Resolver:
    """A resolver that gives these answers one after the other, the last one for ever."""
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


async def test_a_request_carries_query_headers_json_and_the_idempotency_key() -> None:
    seen: dict[str, object] = {}

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        seen.update(method=method, path=path, headers=headers, body=json.loads(body))
        return reply("200 OK", '{"ok": "да"}'.encode(), content_type="application/json")

    async with serving(answer) as port, outbound() as http:
        found = await http.request(
            "post",
            f"http://127.0.0.1:{port}/a?x=1",
            query=[("y", "2"), ("y", "3")],
            headers={"X-One": "1"},
            json={"a": "б"},
            idempotency_key="run:node:0",
        )
    assert (seen["method"], seen["path"], seen["body"]) == ("POST", "/a?x=1&y=2&y=3", {"a": "б"})
    headers = seen["headers"]
    assert isinstance(headers, dict)
    assert headers["x-one"] == "1"
    assert headers["idempotency-key"] == "run:node:0"
    assert found.status == 200
    assert found.json() == {"ok": "да"}
    assert found.url.endswith("/a?x=1&y=2&y=3")


async def test_a_form_and_a_text_are_sent_as_such() -> None:
    seen: list[tuple[str, bytes]] = []

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        seen.append((headers.get("content-type", ""), body))
        return reply("204 No Content")

    async with serving(answer) as port, outbound() as http:
        await http.request("POST", f"http://127.0.0.1:{port}/", form={"a": "1 2"})
        await http.request("POST", f"http://127.0.0.1:{port}/", content="привет")
    assert seen == [("application/x-www-form-urlencoded", b"a=1+2"), ("", "привет".encode())]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
async def test_the_machine_itself_is_refused_under_every_spelling(host: str) -> None:
    async with serving(lambda *_: reply("200 OK")) as port, outbound(allowed="") as http:
        with pytest.raises((UserError, Retry)) as caught:
            await http.request("GET", f"http://{host}:{port}/")
    if isinstance(caught.value, UserError):
        assert caught.value.code == "http_private"


@pytest.mark.parametrize(
    "address",
    [
        PRIVATE,
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "fd00::1",
        "fe80::1",
        "224.0.0.1",
        "::",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "240.0.0.1",
        "192.0.0.8",
    ],
)
async def test_a_name_that_leads_into_a_private_network_is_refused(address: str) -> None:
    async with outbound(allowed="", resolver=resolving([address])) as http:
        with pytest.raises(UserError, match="private network") as caught:
            await http.request("GET", "http://innocent.example/")
    assert caught.value.code == "http_private"
    assert caught.value.fix


async def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    async with outbound(allowed="", resolver=resolving(["93.184.216.34", "127.0.0.1"])) as http:
        with pytest.raises(UserError, match="private network"):
            await http.request("GET", "http://mixed.example/")


async def test_a_name_that_changes_after_the_check_is_not_asked_again() -> None:
    hits = 0

    def answer(*_: object) -> bytes:
        nonlocal hits
        hits += 1
        return reply("200 OK", b"first")

    calls: list[str] = []

    async def rebinding(host: str, port: int) -> list[str]:
        calls.append(host)
        return ["127.0.0.1"] if len(calls) == 1 else ["10.0.0.1"]

    async with serving(answer) as port, outbound(resolver=rebinding) as http:
        found = await http.request("GET", f"http://rebind.example:{port}/")
        assert (found.text, len(calls), hits) == ("first", 1, 1)
        with pytest.raises(UserError, match=r"10\.0\.0\.1"):  # a new connection is judged anew
            await http.request("GET", f"http://rebind.example:{port}/")
    assert hits == 1


async def test_a_redirect_into_a_private_network_is_refused() -> None:
    def answer(*_: object) -> bytes:
        return reply("302 Found", location="http://inside.example/secret")

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == "outside.example" else ["169.254.169.254"]

    async with serving(answer) as port, outbound(resolver=resolve) as http:
        with pytest.raises(UserError, match=r"inside\.example leads to 169\.254"):
            await http.request("GET", f"http://outside.example:{port}/")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.com/", "gopher://x/"])
async def test_a_redirect_to_another_scheme_is_refused(target: str) -> None:
    async with serving(lambda *_: reply("302 Found", location=target)) as port, outbound() as http:
        with pytest.raises(UserError, match="Only http"):
            await http.request("GET", f"http://127.0.0.1:{port}/")


async def test_five_redirects_are_followed_and_the_sixth_is_not() -> None:
    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        left = int(path.strip("/"))
        return reply("302 Found", location=f"/{left - 1}") if left else reply("200 OK", b"there")

    async with serving(answer) as port, outbound() as http:
        assert (await http.request("GET", f"http://127.0.0.1:{port}/5")).text == "there"
        with pytest.raises(UserError, match="redirects more than 5"):
            await http.request("GET", f"http://127.0.0.1:{port}/6")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com", "/relative", "http://", "http://[::", ""]
)
async def test_an_address_that_is_none_is_refused_in_words(url: str) -> None:
    async with outbound() as http:
        with pytest.raises(UserError) as caught:
            await http.request("GET", url)
    assert caught.value.fix


async def test_a_header_that_breaks_the_line_is_refused() -> None:
    async with serving(lambda *_: reply("200 OK")) as port, outbound() as http:
        for value in ("a\r\nx: y", "не-латиница"):
            with pytest.raises(UserError, match="cannot be sent"):
                await http.request("GET", f"http://127.0.0.1:{port}/", headers={"x": value})


async def test_an_answer_beyond_the_limit_is_refused_while_it_is_read() -> None:
    async with (
        serving(lambda *_: reply("200 OK", b"x" * 2_000_001)) as port,
        outbound(max_bytes=2_000_000) as http,
    ):
        with pytest.raises(UserError, match="larger than"):
            await http.request("GET", f"http://127.0.0.1:{port}/")


async def test_a_packed_answer_is_measured_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        return reply("200 OK", bomb if path == "/bomb" else gzip.compress(b"small"), content_encoding="gzip")

    async with serving(answer) as port, outbound(max_bytes=1_000_000) as http:
        assert (await http.request("GET", f"http://127.0.0.1:{port}/")).content == b"small"
        with pytest.raises(UserError, match="larger than"):
            await http.request("GET", f"http://127.0.0.1:{port}/bomb")


async def test_too_many_requests_is_rate_limited_with_the_pause_it_asks_for() -> None:
    async with serving(lambda *_: reply("429 Too Many", retry_after="17")) as port, outbound() as http:
        with pytest.raises(RateLimited) as caught:
            await http.request("POST", f"http://127.0.0.1:{port}/")
    assert caught.value.after == 17


async def test_nobody_listening_is_worth_another_try_even_for_a_post() -> None:
    async with serving(lambda *_: reply("200 OK")) as port:
        pass
    async with outbound() as http:
        with pytest.raises(Retry, match="could not be reached"):
            await http.request("POST", f"http://127.0.0.1:{port}/")


async def test_an_unknown_name_is_worth_another_try() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    async with outbound(resolver=unknown) as http:
        with pytest.raises(Retry, match="could not be reached"):
            await http.request("GET", "http://nowhere.example/")


@pytest.mark.parametrize(
    ("method", "error"), [("GET", Retry), ("PUT", Retry), ("POST", UserError), ("PATCH", UserError)]
)
async def test_no_answer_is_repeated_only_where_repeating_does_no_harm(
    method: str, error: type[Exception]
) -> None:
    async def never(*_: object) -> bytes:
        await asyncio.sleep(5)
        return b""

    async with serving(never) as port, outbound() as http:
        with pytest.raises(error):
            await http.request(method, f"http://127.0.0.1:{port}/", timeout=0.2)


async def test_an_answer_that_drips_for_ever_ends_at_the_timeout() -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        try:
            for _ in range(100):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server, outbound() as http:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Retry):
            await http.request("GET", f"http://127.0.0.1:{port}/", timeout=0.3)


async def test_a_host_the_node_type_did_not_declare_is_refused() -> None:
    found = OutboundHttp("127.0.0.1")
    try:
        with pytest.raises(UserError, match="does not declare"):
            await found.for_hosts(["api.example.com", "*.example.org"]).request("GET", "http://127.0.0.1/")
        with pytest.raises(UserError, match="does not declare"):
            await found.for_hosts(["*.example.org"]).request("GET", "http://evilexample.org/")
        with pytest.raises(UserError, match="does not declare"):
            await found.for_hosts([]).request("GET", "http://example.org/")
    finally:
        await found.aclose()


async def test_the_admin_may_allow_a_name_or_a_network() -> None:
    async with serving(lambda *_: reply("200 OK", b"in")) as port:
        for allowed in ("crm.local", "127.0.0.0/8", " other , 127.0.0.1 "):
            async with outbound(allowed, resolver=resolving(["127.0.0.1"])) as http:
                assert (await http.request("GET", f"http://crm.local:{port}/")).text == "in"
        async with outbound("crm.local", resolver=resolving(["127.0.0.1"])) as http:
            with pytest.raises(UserError):
                await http.request("GET", f"http://other.local:{port}/")


async def test_an_answer_that_is_not_json_says_so() -> None:
    async with serving(lambda *_: reply("200 OK", b"<html>")) as port, outbound() as http:
        found = await http.request("GET", f"http://127.0.0.1:{port}/")
        with pytest.raises(UserError, match="not JSON"):
            found.json()


def test_retry_after_takes_seconds_and_dates() -> None:
    now = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
    assert retry_after("120", now) == 120
    assert retry_after("Thu, 01 Jan 2026 12:01:00 GMT", now) == 60
    assert retry_after("Thu, 01 Jan 2026 11:00:00 GMT", now) == 0
    assert retry_after("99999999999999", now) == 86400
    assert retry_after("soon", now) is None
    assert retry_after(None, now) is None
