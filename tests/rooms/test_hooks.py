"""Webhooks over real servers: what each kind of request is answered, and what is kept of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from tests.bench.seed import PURE_GRAPH, Seeded, seed

from potok.server.hooks import front
from potok.server.wiring import Services, open_services
from potok.server.worker import work
from potok.settings import Settings


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("the web application is not asked")


@dataclass
class Door:
    """A client at the door, and the house behind it."""

    client: httpx.AsyncClient
    services: Services
    settings: Settings
    place: Seeded

    @property
    def address(self) -> str:
        """The hook's address."""
        return f"/h/{self.place.token}"

    async def payloads(self) -> list[Any]:
        """Payloads of the scenario's events."""
        rows = await self.services.pool.fetch(
            "SELECT payload FROM event WHERE workspace_id = $1 ORDER BY id", self.place.workspace_id
        )
        return [json.loads(row[0]) for row in rows]

    async def runs(self) -> int:
        """Runs of the scenario."""
        count: int = await self.services.pool.fetchval(
            "SELECT count(*) FROM run WHERE scenario_id = $1", self.place.scenario_id
        )
        return count


def graph(**trigger: Any) -> dict[str, Any]:
    """The pure graph with these settings of its trigger."""
    nodes = [dict(node) for node in PURE_GRAPH["nodes"]]
    nodes[0] |= {"params": trigger}
    return PURE_GRAPH | {"nodes": nodes}


@asynccontextmanager
async def opened(database_url: str, redis_url: str, document: dict[str, Any], **given: Any) -> AsyncIterator[Door]:
    """The door of a scenario of its own."""
    enabled = given.pop("enabled", True)
    settings = Settings(database_url=database_url, redis_url=redis_url, **given)
    place = await seed(database_url, document, enabled=enabled)
    async with open_services(settings) as services:
        transport = httpx.ASGITransport(front(services.hooks(), _nothing))
        async with httpx.AsyncClient(transport=transport, base_url="http://potok") as client:
            yield Door(client, services, settings, place)


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    """A worker beside."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(settings, stop))
    try:
        yield
    finally:
        stop.set()
        await task


@pytest.fixture
async def door(database_url: str, redis_url: str) -> AsyncIterator[Door]:
    """The plain case."""
    async with opened(database_url, redis_url, graph(), max_body=100_000) as made:
        yield made


async def test_an_accepted_request_is_on_disk_with_its_run(door: Door) -> None:
    answer = await door.client.post(
        f"{door.address}?source=site&empty=",
        content=b'{ "amount": 12345678901234567890123 }',
        headers={"content-type": "application/json; charset=utf-8", "authorization": "Bearer secret"},
    )
    said = answer.json()
    assert answer.status_code == 202
    rows = await door.services.pool.fetch("SELECT id, status FROM run WHERE event_id = $1", said["event_id"])
    assert [str(row["id"]) for row in rows] == said["run_ids"]
    text = await door.services.pool.fetchval("SELECT payload FROM event WHERE id = $1", said["event_id"])
    assert "12345678901234567890123" in text
    payload = json.loads(text)
    assert payload["query"] == {"source": "site", "empty": ""}
    assert payload["method"] == "POST"
    assert payload["headers"]["authorization"] == "***"
    considered = json.loads(
        await door.services.pool.fetchval("SELECT considered FROM event WHERE id = $1", said["event_id"])
    )
    assert considered == [
        {"scenario_id": str(door.place.scenario_id), "node_id": "hook", "run_id": said["run_ids"][0]}
    ]


@pytest.mark.parametrize("header", ["webhook-id", "idempotency-key"])
async def test_a_duplicate_delivery_starts_nothing(door: Door, header: str) -> None:
    first = await door.client.post(door.address, json={"n": 1}, headers={header: "d-1"})
    again = await door.client.post(door.address, json={"n": 1}, headers={header: "d-1"})
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json() | {"duplicate": True}
    assert await door.runs() == 1


async def test_many_deliveries_of_one_id_at_once_start_one_run(door: Door) -> None:
    answers = await asyncio.gather(
        *(door.client.post(door.address, json={}, headers={"webhook-id": "same"}) for _ in range(30))
    )
    assert sorted({answer.status_code for answer in answers}) == [200, 202]
    assert len({answer.json()["event_id"] for answer in answers}) == 1
    assert await door.runs() == 1


@pytest.mark.parametrize("address", ["/h/nobody-knows", "/h/", "/h/a/b", "/h/%00", "/h/" + "x" * 300])
async def test_an_unknown_address_is_404_in_the_callers_language(door: Door, address: str) -> None:
    answer = await door.client.post(address, json={}, headers={"accept-language": "ru"})
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["code"] == "unknown_hook"
    assert "вебхука" in error["message"]


async def test_a_method_that_is_not_allowed_is_405(door: Door) -> None:
    answer = await door.client.get(door.address)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_malformed_json_is_400_and_starts_nothing(door: Door) -> None:
    answer = await door.client.post(
        door.address, content=b'{"amount": ', headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed_json")
    answer = await door.client.post(door.address, content=b'{"amount": ', headers={"content-type": "text/plain"})
    assert answer.status_code == 202
    assert (await door.payloads())[-1]["body"] == '{"amount": '


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json", b"", None),
        ("application/json", b"\xef\xbb\xbf [1, 2]\n", [1, 2]),
        ("application/vnd.api+json", b'{"a": 1}', {"a": 1}),
        ("application/x-www-form-urlencoded", b"a=1&b=x+y&a=2", {"a": ["1", "2"], "b": "x y"}),
        ("text/plain; charset=windows-1251", "Привет".encode("cp1251"), "Привет"),
        ("application/octet-stream", b"\xff\x00\xfe", {"base64": "/wD+"}),
        (
            "multipart/form-data; boundary=X",
            b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xd0\x94\xd0\xb0\r\n'
            b'--X\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\n'
            b"Content-Type: text/plain\r\n\r\nhi\r\n--X--\r\n",
            {"a": "Да", "f": {"filename": "n.txt", "type": "text/plain", "base64": "aGk="}},
        ),
        ("application/json", b'"\\u0000"', "\0"),
    ],
)
async def test_each_kind_of_body_becomes_a_value(
    door: Door, content_type: str, body: bytes, expected: Any
) -> None:
    answer = await door.client.post(door.address, content=body, headers={"content-type": content_type})
    assert answer.status_code == 202
    assert (await door.payloads())[-1]["body"] == expected


async def test_a_body_that_is_too_large_is_refused_announced_or_not(door: Door) -> None:
    async def stream() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 10_000

    announced = await door.client.post(door.address, content=b"x" * 200_000)
    streamed = await door.client.post(door.address, content=stream())
    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")
    assert await door.runs() == 0


async def test_a_switched_off_scenario_keeps_the_event_with_the_reason(database_url: str, redis_url: str) -> None:
    async with opened(database_url, redis_url, graph(), enabled=False) as door:
        answer = await door.client.post(door.address, json={"n": 1}, headers={"webhook-id": "later"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "scenario_disabled")
        assert await door.runs() == 0
        assert (await door.payloads())[0]["body"] == {"n": 1}
        await door.services.pool.execute(
            "UPDATE scenario SET enabled = true WHERE id = $1", door.place.scenario_id
        )
        door.services.dispatcher.drop(door.place.scenario_id)
        again = await door.client.post(door.address, json={"n": 1}, headers={"webhook-id": "later"})
        assert again.status_code == 202


async def test_an_unpublished_scenario_is_409(door: Door) -> None:
    await door.services.pool.execute(
        "UPDATE scenario SET published_version_id = NULL WHERE id = $1", door.place.scenario_id
    )
    answer = await door.client.post(door.address, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_published")


async def test_a_full_queue_is_503_with_retry_after_and_what_was_accepted_is_written(
    database_url: str, redis_url: str
) -> None:
    async with opened(database_url, redis_url, graph(), ingest_queue=5) as door:
        answers = await asyncio.gather(*(door.client.post(door.address, json={}) for _ in range(400)))
        accepted = [answer for answer in answers if answer.status_code == 202]
        refused = [answer for answer in answers if answer.status_code == 503]
        assert len(accepted) + len(refused) == 400
        assert refused
        assert {answer.headers["retry-after"] for answer in refused} == {"1"}
        assert await door.runs() == len(accepted)


async def test_a_synchronous_hook_answers_with_the_runs_output(database_url: str, redis_url: str) -> None:
    async with opened(database_url, redis_url, graph(reply="result")) as door, working(door.settings):
        answer = await door.client.post(door.address, json={"name": "Anna", "amount": 1500}, timeout=10)
        assert answer.status_code == 200
        assert answer.json() == {
            "status": "succeeded",
            "output": {"text": "Hello Anna, thank you for your order."},
        }


async def test_a_synchronous_hook_answers_with_the_stops_result_or_the_failure(
    database_url: str, redis_url: str
) -> None:
    document = graph(reply="result")
    document["nodes"] = [
        document["nodes"][0],
        document["nodes"][1],
        {"id": "yes", "type": "flow.succeed", "params": {"result": {"id": 7}}},
        {"id": "no", "type": "flow.fail", "params": {"message": "Too little"}},
    ]
    document["edges"] = [
        {"source": "hook", "port": "out", "target": "big"},
        {"source": "big", "port": "true", "target": "yes"},
        {"source": "big", "port": "false", "target": "no"},
    ]
    async with opened(database_url, redis_url, document) as door, working(door.settings):
        good = await door.client.post(door.address, json={"amount": 1500}, timeout=10)
        bad = await door.client.post(door.address, json={"amount": 5}, timeout=10)
    assert (good.status_code, good.json()) == (200, {"id": 7})
    assert (bad.status_code, bad.json()["error"]["message"]) == (422, "Too little")


async def test_a_synchronous_hook_answers_with_outputs_too_large_for_a_channel(
    database_url: str, redis_url: str
) -> None:
    name = "x" * 3_000_000
    async with opened(database_url, redis_url, graph(reply="result")) as door, working(door.settings):
        answers = await asyncio.gather(
            *(
                door.client.post(door.address, json={"name": f"{number}{name}", "amount": 1500}, timeout=30)
                for number in range(4)
            )
        )
        kept = [key async for key in door.services.redis.scan_iter("potok:reply:large:*")]
    assert [answer.json()["output"]["text"] for answer in answers] == [
        f"Hello {number}{name}, thank you for your order." for number in range(4)
    ]
    assert kept == []


async def test_a_synchronous_hook_without_a_worker_answers_202_in_time(database_url: str, redis_url: str) -> None:
    async with opened(database_url, redis_url, graph(reply="result"), reply_timeout=0.2) as door:
        answer = await door.client.post(door.address, json={})
        assert answer.status_code == 202
        assert await door.runs() == 1


async def test_a_published_change_counts_within_a_second_in_every_process(door: Door) -> None:
    assert (await door.client.post(door.address, json={})).status_code == 202
    await door.services.pool.execute("UPDATE scenario SET enabled = false WHERE id = $1", door.place.scenario_id)
    await door.services.redis.publish("potok:scenario", str(door.place.scenario_id))
    await asyncio.sleep(0.1)
    assert (await door.client.post(door.address, json={})).status_code == 409
