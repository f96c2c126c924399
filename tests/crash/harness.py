"""Runs one scenario with a death at any fault point, restarts, and reports what is left in the database.

A "process" here is an executor and its timers on connections of their own. Dying closes these connections and
drops every task at that very point, exactly as `kill -9` would; the restart is a new process. Tests with a real
SIGKILL show that the two are alike. Engine time runs 60 times as fast, so that waits and late retries cost little.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.bench.seed import Seeded
from uuid_utils.compat import uuid7

from potok.adapters.faults import Faults, FaultyHttp, FaultyLive
from potok.adapters.http import OutboundHttp
from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.executor import Executor
from potok.engine.ports import Firing, NewEvent, NewRun, NodeTypes

SPEED = 60.0
LOOK = 0.03
"""Seconds between two looks of timers and of the test; more often they would cost more than the runs."""
_OVER = ("succeeded", "failed", "cancelled", "unknown")  # the last one waits for a person's answer
_START = datetime.now(UTC)


def fast_clock() -> datetime:
    """The engine's time: a second lasts 17 ms."""
    return _START + (datetime.now(UTC) - _START) * SPEED


@dataclass
class Silent:
    """Nobody listens."""

    async def publish(self, progress: Any, scenarios: Any) -> None:
        """Heard by nobody."""

    async def reply(self, replies: Any) -> None:
        """Heard by nobody."""


@dataclass
class Receiver:
    """The other side: counts what reaches it, by idempotency key."""

    calls: Counter[str] = field(default_factory=Counter)
    url: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say yes to everything, on a connection that stays open."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = [line.partition(b":") for line in head.split(b"\r\n")]
                fields = {name.strip().lower(): value.strip() for name, _, value in lines}
                await reader.readexactly(int(fields.get(b"content-length", b"0")))
                self.calls[fields.get(b"idempotency-key", b"").decode()] += 1
                writer.write(
                    b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}'
                )
        writer.close()


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that listens on a free port."""
    made = Receiver()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    try:
        yield made
    finally:
        server.close()


class Process:
    """Executor and timers, until they are done or die."""

    def __init__(self, url: str, types: NodeTypes, at: str = "") -> None:
        self._died = asyncio.Event()
        self.faults = Faults(at, self._die)
        self._url = url
        self._types = types
        self._pool: Any = None

    async def _die(self) -> None:
        self._pool.terminate()
        self._died.set()

    async def live(self, run_ids: list[UUID], ended: Callable[[], Any]) -> bool:
        """Work until `ended()` is true, or until death: True when it died."""
        self._pool = pool = await engine_pool(self._url, size=4, connection_class=self.faults.connection_class())
        store = PostgresStore(pool)
        http = OutboundHttp("127.0.0.1")
        executor = Executor(
            store,
            self._types,
            FaultyLive(Silent(), self.faults),
            lambda step: FaultyHttp(http.for_hosts(("*",)), self.faults),
            owner=f"harness-{uuid7()}",
            now=fast_clock,
        )
        executor.offer(run_ids)
        working = [
            asyncio.create_task(executor.run()),
            asyncio.create_task(_fire(store, executor)),
            asyncio.create_task(self._died.wait()),
            asyncio.create_task(ended()),
        ]
        try:
            async with asyncio.timeout(30):
                done, _ = await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
            died = self._died.is_set()
            if not died:
                for task in done:
                    task.result()  # whatever ended first must not have failed
        finally:
            self.faults.dead = True
            pool.terminate()
            for task in working:
                task.cancel()
            await executor.stop(0)
            await asyncio.gather(*working, return_exceptions=True)  # what the dead say does not count
            await http.aclose()
        return died


async def _fire(store: PostgresStore, executor: Executor) -> None:
    async def decide(due: Any) -> list[Firing]:
        return [Firing(timer.id) for timer in due]

    while True:
        executor.offer(await store.fire_due(50, decide))
        await asyncio.sleep(LOOK)


@dataclass
class Stage:
    """One database with one published scenario; runs there come one after the other."""

    url: str
    place: Seeded
    types: NodeTypes
    entry: str
    payload: Any
    database: Any
    """A connection of the test's own."""

    async def start(self) -> UUID:
        """A new run, accepted."""
        place = self.place
        run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, self.entry)
        event = NewEvent(
            uuid7(), place.workspace_id, "test", "", None, json.dumps(self.payload).encode(), b"[]", [run]
        )
        pool = await engine_pool(self.url, size=1)
        await PostgresStore(pool).ingest([event])
        await pool.close()
        return run.id

    async def ended(self, run_id: UUID) -> None:
        """Return when the run goes no further by itself; carries the fast clock to the database meanwhile."""
        while True:
            await self.database.execute(
                "UPDATE timer SET fire_at = now() WHERE state = 'planned' AND fire_at > now() AND fire_at <= $1",
                fast_clock(),
            )
            if await self.database.fetchval("SELECT status FROM run WHERE id = $1", run_id) in _OVER:
                return
            await asyncio.sleep(LOOK)

    async def wait_over(self) -> None:
        """Let the leases of the dead end, as time would."""
        await self.database.execute(
            "UPDATE run_work SET lease_until = now() - interval '1 s', ready_at = now() - interval '5 s'"
        )

    async def play(self, at: str = "") -> "Played":
        """One run with a death at a point, if any. Asked about an effect, a person says that it was sent."""
        run_id = await self.start()
        first = Process(self.url, self.types, at)
        asked: list[str] = []
        try:
            died = await first.live([run_id], lambda: self.ended(run_id))
            if died:
                await self.wait_over()
                await Process(self.url, self.types).live([], lambda: self.ended(run_id))
            while answered := await self._answer(run_id):
                asked += answered
                await Process(self.url, self.types).live([run_id], lambda: self.ended(run_id))
        except TimeoutError:
            left = await self.left(run_id)
            raise AssertionError(f"no end (death {at}, passed {first.faults.points[-9:]}): {left}") from None
        return Played(await self.left(run_id), first.faults.points, died, asked)

    async def _answer(self, run_id: UUID) -> list[str]:
        """What a person's answer "it was sent" writes; the steps that asked."""
        rows = await self.database.fetch(_SENT, run_id)
        await self.database.execute(_GO_ON, run_id)
        return [row[0] for row in rows]

    async def left(self, run_id: UUID) -> "Left":
        """Everything the run left behind, without ids and times."""
        database = self.database
        run = await database.fetchrow("SELECT status, end_name, result, error FROM run WHERE id = $1", run_id)
        segments = await database.fetch(
            "SELECT entries FROM journal_segment WHERE run_id = $1 ORDER BY seq", run_id
        )
        entries = [entry for row in segments for entry in json.loads(row[0])]
        newest = {_place(entry): entry for entry in entries}
        done = Counter(_place(entry) for entry in entries if entry["s"] == "done")
        assert set(done.values()) <= {1}, f"done more than once: {done}"
        called = [
            row[0] for row in await database.fetch("SELECT id FROM run WHERE called_by = $1 ORDER BY id", run_id)
        ]

        def nameless(value: str) -> str:
            for number, one in enumerate([run_id, *called]):
                value = value.replace(str(one), f"CALLED {number}" if number else "RUN")
            return value

        async def rows(query: str) -> list[tuple[Any, ...]]:
            found = await database.fetch(query, run_id)
            return sorted(
                tuple(nameless(value) if isinstance(value, str) else value for value in row) for row in found
            )

        return Left(
            status=run["status"],
            end_name=run["end_name"],
            result=run["result"],
            error=json.loads(run["error"])["code"] if run["error"] else None,
            steps=json.loads(nameless(json.dumps({node: _plain(entry) for node, entry in newest.items()}))),
            outbox=await rows("SELECT effect_key, subject, body FROM outbox_message WHERE run_id = $1"),
            notices=await rows("SELECT effect_key, title, body FROM notice WHERE run_id = $1"),
            effects=await rows("SELECT key, state FROM effect WHERE run_id = $1"),
            timers=await rows("SELECT node_id, state FROM timer WHERE run_id = $1 AND state = 'planned'"),
            work=await database.fetchval("SELECT count(*) FROM run_work WHERE run_id = $1", run_id),
            places=await database.fetchval("SELECT count(*) FROM limit_place WHERE run_id = $1", run_id),
            listens=await rows("SELECT node_id, item FROM signal_wait WHERE run_id = $1"),
            signals=await rows("SELECT name, dedupe_key, data::text FROM signal WHERE run_id = $1"),
            called=[await self.left(one) for one in called],
        )


_SENT = """
UPDATE effect SET state = 'done', answer = 'sent', settled_at = now() WHERE run_id = $1 AND state = 'unknown'
RETURNING node_id
"""
_GO_ON = """
WITH woken AS (UPDATE run SET status = 'running' WHERE id = $1 AND status = 'unknown' RETURNING id)
INSERT INTO run_work (run_id, ready_at, claim, attempts) SELECT id, now(), 100000, 0 FROM woken
ON CONFLICT (run_id) DO NOTHING
"""


@dataclass
class Played:
    """What came of one run."""

    left: "Left"
    points: list[str]
    """The fault points it passed before it died."""
    died: bool
    asked: list[str]
    """Steps whose outcome nobody knew; their output is a person's word."""


@dataclass
class Left:
    """What a run leaves behind."""

    status: str
    end_name: str | None
    result: Any
    error: str | None
    steps: dict[str, Any]
    outbox: list[tuple[Any, ...]]
    notices: list[tuple[Any, ...]]
    effects: list[tuple[Any, ...]]
    timers: list[tuple[Any, ...]]
    work: int
    listens: list[tuple[Any, ...]]
    signals: list[tuple[Any, ...]]
    places: int
    """At limits."""
    called: list["Left"]
    """By runs that this one called."""


_TIMES = ("t0", "t1", "u", "a", "until", "i")


def _place(entry: dict[str, Any]) -> str:
    """The step; in a loop the step of an item, or the item itself."""
    if "x" not in entry:
        return str(entry["n"])
    return f"{entry['n']}{'.item' if 'it' in entry else ''}{entry['x']}"


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """A journal entry without times, attempts and settings (a woken step does not repeat its settings)."""
    kept = {key: value for key, value in entry.items() if key not in _TIMES}
    if isinstance(kept.get("o"), dict):
        kept["o"] = {key: value for key, value in kept["o"].items() if key not in _TIMES}
    return kept
