"""Runs a node without the engine, for tests of plugins: no sockets, no clock of the machine, no database."""

import importlib.util
import inspect
import json as json_module
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from potok.sdk.bind import answer, bind
from potok.sdk.ctx import Ctx, HttpClient, Response, RunInfo
from potok.sdk.declare import Declared
from potok.sdk.fake_calendars import FakeCalendar, FakeCalendars
from potok.sdk.memory import Question, Recall
from potok.sdk.memory_kept import KeptMemory
from potok.sdk.node import NodeType
from potok.sdk.outcome import Branch, Stop, Wait
from potok.sdk.records import RecordQuestion
from potok.sdk.records_kept import KeptRecords
from potok.sdk.staging import NoticeWrite, OutboxWrite, SignalWrite, Staged
from potok.sdk.working import Calendars

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""Where fake_clock() begins: a Monday."""


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """The present moment of the test."""
        return self.moment

    def move(self, **by: float) -> None:
        """Forward by timedelta's words: `clock.move(hours=2)`."""
        self.moment += timedelta(**by)


def fake_clock(moment: datetime = START) -> FakeClock:
    """A clock for `run_node(..., clock=...)`."""
    return FakeClock(moment)


@dataclass(frozen=True, slots=True)
class FakeResponse:
    """An answer of fake_http."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    url: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode()

    def json(self) -> Any:
        """The parsed body."""
        return json_module.loads(self.content)


@dataclass(slots=True)
class Sent:
    """A request that fake_http received."""

    method: str
    url: str
    headers: dict[str, str]
    query: Any
    json: Any
    form: Any
    content: bytes | str | None
    timeout: float | None
    idempotency_key: str | None


Script = Response | BaseException | Callable[[Sent], Response]


class FakeHttp:
    """Answers from a script, in order; keeps what was sent in `sent`."""

    def __init__(self, *script: Script) -> None:
        self._script = list(script)
        self.sent: list[Sent] = []

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | list[tuple[str, str]] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the SDK's signature
        idempotency_key: str | None = None,
    ) -> Response:
        """The next answer of the script. Raises AssertionError when there is none."""
        sent = Sent(method, url, dict(headers or {}), query, json, form, content, timeout, idempotency_key)
        self.sent.append(sent)
        assert self._script, f"nobody expected {method} {url}"
        step = self._script.pop(0)
        if isinstance(step, BaseException):
            raise step
        return step(sent) if callable(step) else step


def fake_http(*script: Script) -> FakeHttp:
    """`fake_http(reply({"ok": True}), Retry())`: each request takes the next item; an exception is raised."""
    return FakeHttp(*script)


def reply(json: Any = None, *, status: int = 200, text: str = "", **headers: str) -> FakeResponse:
    """An answer with a JSON or a text body; header names are written with `_` for `-`."""
    kind = "application/json" if json is not None else "text/plain"
    body = json_module.dumps(json).encode() if json is not None else text.encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return FakeResponse(status, {"content-type": kind} | named, body)


@dataclass(slots=True)
class Ran:
    """What a node did. `output` is plain JSON; `wait` / `stop` are set when it asked for that."""

    port: str = "out"
    output: Any = None
    wait: Wait | None = None
    stop: Stop | None = None
    staged: list[Staged] = field(default_factory=list)

    @property
    def letters(self) -> list[OutboxWrite]:
        """What went to the Outbox."""
        return [one for one in self.staged if isinstance(one, OutboxWrite)]

    @property
    def notices(self) -> list[NoticeWrite]:
        """What went to people's inbox."""
        return [one for one in self.staged if isinstance(one, NoticeWrite)]

    @property
    def signals(self) -> list[SignalWrite]:
        """The signals it sent."""
        return [one for one in self.staged if isinstance(one, SignalWrite)]


def fake_calendars(*off: date) -> FakeCalendars:
    """For `run_node(..., calendars=...)`: one calendar, Monday to Friday, 9 to 18 UTC, without these dates."""
    return FakeCalendars(FakeCalendar(off=frozenset(off)))


def fake_memory() -> KeptMemory:
    """What is remembered from one `run_node(..., memory=...)` to the next."""
    return KeptMemory()


def fake_records(**types: str) -> KeptRecords:
    """For `run_node(..., records=...)`: `fake_records(contact="name phone")`, types with the keys of fields."""
    return KeptRecords({key: frozenset(fields.split()) for key, fields in types.items()})


def _recall(memory: KeptMemory, run: RunInfo, clock: Callable[[], datetime]) -> Recall:
    async def recall(key: str, question: Question) -> Any:
        told = memory.ask(
            key, question, workspace=run.workspace_id, scenario=run.scenario_id, run=run.id, now=clock()
        )
        return json_module.loads(json_module.dumps(told))

    return recall


def _answering(records: KeptRecords) -> Callable[[str, RecordQuestion], Awaitable[Any]]:
    async def ask(key: str, question: RecordQuestion) -> Any:
        return json_module.loads(json_module.dumps(await records.ask(key, question)))

    return ask


async def run_node(
    node: NodeType | Declared,
    params: Mapping[str, Any] | None = None,
    *,
    http: HttpClient | None = None,
    clock: Callable[[], datetime] | None = None,
    effect_key: str = "run-1:node:0",
    run: RunInfo | None = None,
    calendars: Calendars | None = None,
    memory: KeptMemory | None = None,
    records: KeptRecords | None = None,
) -> Ran:
    """Run one node with resolved params, as the engine would. Raises what the node raises."""
    node_type = node.build() if isinstance(node, Declared) else node
    assert node_type.call is not None, f"{node_type.id} is a trigger; it is never called"
    info = run or RunInfo("run-1", "scenario-1", "Test", "workspace-1")
    ctx = Ctx(
        run=info,
        node_id="node",
        effect_key=effect_key,
        http=http or FakeHttp(),
        now=clock or fake_clock(),
        calendars=calendars or FakeCalendars(),
        recall=_recall(memory or KeptMemory(), info, clock or fake_clock()),
        records=_answering(records or KeptRecords({})),
    )
    found = node_type.call(ctx, **bind(node_type, params or {}))
    returned = answer(node_type, await found if inspect.isawaitable(found) else found)
    ran = Ran(staged=ctx.staged)
    if isinstance(returned, Branch):
        ran.port, ran.output = returned.port, returned.output
    elif isinstance(returned, Wait):
        ran.wait, ran.output = returned, returned.output
    else:
        ran.stop, ran.output = returned, returned.result
    return ran


def load_nodes(plugin: Path) -> dict[str, NodeType]:
    """The node types of a plugin file or folder, by id: `load_nodes(Path(__file__).parent)`."""
    entry = plugin / "__init__.py" if plugin.is_dir() else plugin
    name = f"tested_{plugin.stem}"
    places = [str(plugin)] if plugin.is_dir() else None
    spec = importlib.util.spec_from_file_location(name, entry, submodule_search_locations=places)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return {one.id: one.build() for one in vars(module).values() if isinstance(one, Declared)}
