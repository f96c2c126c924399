"""A catalog of little test nodes, and a world in which runs advance without any server."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from potok.adapters.store_memory import KeptRun, MemoryStore
from potok.engine.executor import Executor
from potok.engine.ports import Firing, NewEvent, NewRun, Progress, Reply, VersionDoc
from potok.graph.model import Graph
from potok.sdk.ctx import Ctx
from potok.sdk.declare import Declared, action, condition, trigger
from potok.sdk.model import Pairs
from potok.sdk.node import NodeType, Port
from potok.sdk.outcome import RateLimited, Retry, Signal, Stop, UserError, Wait
from potok.sdk.staging import NoticeWrite


class Types:
    """Node types from decorated functions."""

    hash = "test"

    def __init__(self, *declared: Declared) -> None:
        self.types: dict[str, NodeType] = {one.id: one.build() for one in declared}

    def get(self, type_id: str, /) -> NodeType | None:
        """The node type."""
        return self.types.get(type_id)


class Heard:
    """A live channel that remembers."""

    def __init__(self) -> None:
        self.progress: list[Progress] = []
        self.replies: list[Reply] = []

    async def publish(self, progress: Sequence[Callable[[], Progress]], scenarios: Sequence[UUID]) -> None:
        """Remember."""
        self.progress += [build() for build in progress]

    async def reply(self, replies: Sequence[Reply]) -> None:
        """Remember."""
        self.replies += replies


CALLS: list[tuple[str, Any]] = []
"""What the test nodes did, in order."""


@trigger.manual("t.start")
def start() -> dict[str, Any]:
    """Start."""
    raise NotImplementedError


@action("t.say")
async def say(value: Any = None) -> dict[str, Any]:
    """Say. Gives the value back."""
    CALLS.append(("say", value))
    return {"value": value}


@action("t.number")
async def number(value: int) -> int:
    """Number. Wants a whole number."""
    return value


@action("t.bug")
async def bug() -> None:
    """Bug. Raises."""
    raise ZeroDivisionError("oops")


@action("t.refuse")
async def refuse() -> None:
    """Refuse. A mistake of the user."""
    raise UserError("to", "No address", "Fill it in", code="no_address", who="Anna")


@action("t.thread")
def thread(value: Any = None) -> Any:
    """Thread. An ordinary function."""
    return value


@action("t.sleep", timeout=0.05)
async def sleep(seconds: float) -> None:
    """Sleep. Takes its time."""
    await asyncio.sleep(seconds)


@condition("t.if")
async def if_(value: bool) -> bool:
    """If. Two ways."""
    return value


@action("t.stop")
async def stop(success: bool = True, result: Any = None) -> Stop:
    """Stop. Ends the run."""
    return Stop(success, "the end", "done here", result)


@action("t.wait")
async def wait(ctx: Ctx, seconds: float) -> Wait:
    """Wait. Suspends."""
    return Wait(ctx.now() + timedelta(seconds=seconds), {"waited": seconds})


@action("t.signal", ports=[Port("out"), Port("late")])
async def signal(ctx: Ctx, name: str, key: str = "", seconds: float = 0) -> Wait:
    """Signal. Waits for one."""
    until = ctx.now() + timedelta(seconds=seconds) if seconds else None
    return Wait(until, "too late", Signal(name, key), "late" if seconds else "out")


@action("t.tell", effect="record")
async def tell(ctx: Ctx, name: str, key: str = "", data: Any = None, keep: float = 0, id: str = "") -> None:
    """Tell. Sends a signal."""
    ctx.signals.send(name, key, data, keep=timedelta(seconds=keep), id=id)


@action("t.tell_object", effect="record")
async def tell_object(ctx: Ctx) -> None:
    """Tell an object. Sends what is no JSON."""
    ctx.signals.send("x", data=object())


@action("t.count", effect="record")
async def count(ctx: Ctx, name: str = "n", twice: bool = False) -> int:
    """Count. Adds one to a variable, or one and ten."""
    CALLS.append(("count", ctx.effect_key))
    found = await ctx.memory.add(name, Decimal(1))
    return int(await ctx.memory.add(name, Decimal(10)) if twice else found)


@action("t.send", effect="outward")
async def send(ctx: Ctx, text: str = "") -> dict[str, str]:
    """Send. Reaches outside; nobody knows a repeat."""
    CALLS.append(("send", ctx.effect_key))
    await asyncio.sleep(0)
    return {"sent": text}


@send.preview
def _(text: str) -> str:
    return f"send {text}"


@action("t.linger", effect="outward")
async def linger(seconds: float) -> None:
    """Linger. Is outside for a while."""
    CALLS.append(("linger", seconds))
    await asyncio.sleep(seconds)


@linger.preview
def _() -> str:
    return "linger"


@action("t.letter", effect="outward", unknown="retry")
async def letter(ctx: Ctx, subject: str = "Hi") -> None:
    """Letter. Into the Outbox."""
    CALLS.append(("letter", ctx.effect_key))
    ctx.outbox.email(["anna@example.com"], subject, "")


@letter.preview
def _() -> str:
    return "a letter"


@action("t.busy", effect="outward", unknown="retry")
async def busy() -> None:
    """Busy. The other side has no time today."""
    raise RateLimited("come tomorrow", after=86_400)


@busy.preview
def _() -> str:
    return "somebody busy"


@action("t.raw", effect="record")
async def raw(ctx: Ctx) -> None:
    """Raw. Asks for a row that no database takes."""
    ctx.staged.append(NoticeWrite("nul \0"))


FAILURES: list[Exception] = []
"""What t.flaky raises, one after the other, before it succeeds."""


@action("t.flaky", effect="read")
async def flaky() -> str:
    """Flaky. Fails as told."""
    if FAILURES:
        raise FAILURES.pop(0)
    return "at last"


@action("t.join", control="join")
async def join(mode: Literal["all", "any", "first"] = "all") -> dict[str, Any]:
    """Join. Branches meet."""
    raise NotImplementedError


@action("t.loop", control="loop", ports=[Port("item"), Port("done")])
async def loop(
    items: Any = None, concurrency: int = 1, on_item_error: Literal["stop", "continue"] = "stop"
) -> dict[str, Any]:
    """Loop. Items."""
    raise NotImplementedError


@action("t.pick")
async def pick(value: Any) -> Any:
    """Pick. Refuses what is odd."""
    CALLS.append(("pick", value))
    if value == "bad":
        raise UserError("value", "Bad item", "Mend it", code="bad_item")
    return value


@action("t.call", control="call")
async def call(scenario: str, inputs: Pairs, wait: bool = True) -> dict[str, Any]:
    """Call. Another scenario."""
    raise NotImplementedError


TYPES = Types(
    count,
    signal,
    tell,
    tell_object,
    call,
    join,
    loop,
    pick,
    start,
    say,
    number,
    bug,
    refuse,
    thread,
    sleep,
    if_,
    stop,
    wait,
    send,
    linger,
    letter,
    busy,
    raw,
    flaky,
)

__all__ = ["CALLS", "FAILURES", "TYPES", "Heard", "RateLimited", "Retry", "World"]


class World:
    """One memory store and executors over it."""

    def __init__(self, **lease: Any) -> None:
        self.store = MemoryStore()
        self.workspace = uuid7()
        self.heard = Heard()
        self.shift = timedelta()
        self._options = {"owner": "test", "lease": 5.0} | lease

    def now(self) -> datetime:
        """The engine's clock; `shift` moves it."""
        return datetime.now(UTC) + self.shift

    async def publish(self, nodes: dict[str, Any], *edges: str) -> str:
        """Publish only; the scenario's id."""
        run_id = await self.start(nodes, *edges)
        del self.store.work[run_id]
        return str(self.store.runs.pop(run_id).run.scenario_id)

    async def start(
        self,
        nodes: dict[str, Any],
        *edges: str,
        payload: Any = None,
        limit: float | None = None,
        limits: Any = None,
    ) -> UUID:
        """Publish and start. Nodes: id -> type, or (type, params), or with settings; the trigger `in` is there."""
        listed: list[dict[str, Any]] = [{"id": "in", "type": "t.start"}]
        for node_id, given in nodes.items():
            kind, params, *rest = given if isinstance(given, tuple) else (given, {})
            node = {"id": node_id, "type": kind, "params": params, "settings": rest[0] if rest else {}}
            listed.append(node | ({"disabled": True, "params": {}} if params == "disabled" else {}))
        wires = []
        for text in edges:
            source, target = text.split(">")
            node_name, _, port = source.partition(".")
            wires.append({"source": node_name, "port": port or "out", "target": target})
        graph = Graph.model_validate(
            {
                "title": "Test",
                "settings": {"run_timeout_seconds": limit, "limits": limits},
                "nodes": listed,
                "edges": wires,
            }
        )
        version, scenario, workspace = uuid7(), uuid7(), self.workspace
        self.store.versions[version] = VersionDoc(version, scenario, workspace, 1, graph)
        run = NewRun(uuid7(), workspace, scenario, version, "in")
        body = orjson.dumps(payload if payload is not None else {})
        await self.store.ingest([NewEvent(uuid7(), workspace, "manual", "", None, body, b"[]", [run])])
        return run.id

    def executor(self) -> Executor:
        """A worker's engine."""
        options: Any = self._options
        return Executor(self.store, TYPES, self.heard, lambda step: None, now=self.now, **options)  # type: ignore[arg-type,return-value]

    async def advance(self, run_id: UUID, *, reply_to: str | None = None) -> KeptRun:
        """Let one worker work on the run until it leaves memory."""
        executor = self.executor()
        executor.offer([run_id], {run_id: reply_to} if reply_to else None)
        task = asyncio.create_task(executor.run())
        async with asyncio.timeout(10):
            while run_id in self.store.work:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
            await executor.stop()
            await task
        return self.store.runs[run_id]

    async def die_after(self, run_id: UUID, commits: int) -> None:
        """Let a worker work on the run and die with its `commits`-th checkpoint of it, which is written."""
        executor = self.executor()
        executor.offer([run_id])
        committed = self.store.commit
        left = commits
        died = asyncio.Event()

        async def die(checkpoints: Any, lease: float) -> Any:
            nonlocal left
            if left <= 0:
                died.set()
                await asyncio.Event().wait()
            left -= 1
            return await committed(checkpoints, lease)

        self.store.commit = die  # type: ignore[method-assign]
        task = asyncio.create_task(executor.run())
        async with asyncio.timeout(10):
            while not died.is_set() and run_id in self.store.work:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self.store.commit = committed  # type: ignore[method-assign]
        if (work := self.store.work.get(run_id)) is not None:
            work.lease_until = None

    async def run(self, nodes: dict[str, Any], *edges: str, payload: Any = None) -> KeptRun:
        """Start and advance."""
        return await self.advance(await self.start(nodes, *edges, payload=payload))


def steps(kept: KeptRun) -> dict[str, dict[str, Any]]:
    """The newest journal entry of each node, items of loops as `node#0.1`."""
    found = {}
    for entry in journal(kept):
        item = ".".join(map(str, entry.get("x", ())))
        found[f"{entry['n']}{'#' if item else ''}{item}"] = entry
    return found


def journal(kept: KeptRun) -> list[dict[str, Any]]:
    """All entries, oldest first."""
    return [entry for _, entries in sorted(kept.segments.items()) for entry in entries]


async def fire(world: World) -> None:
    """Fire the timers whose moment has come by the world's clock."""
    now = world.now()
    for key, (timer, state, reason) in world.store.timers.items():
        if state == "planned" and timer.fire_at <= now:
            timer.fire_at = datetime.now(UTC) - timedelta(seconds=1)
            world.store.timers[key] = (timer, state, reason)

    async def decide(due: list[Any]) -> list[Firing]:
        return [Firing(timer.id) for timer in due]

    await world.store.fire_due(100, decide)
