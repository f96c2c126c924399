"""The decorators action, condition and trigger. They only mark a function; the registry finds the marks."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from potok.sdk.node import Control, Effect, Kind, NodeType, Port, Start, Unknown
from potok.sdk.records import RecordChange
from potok.sdk.signature import (
    DeclarationError,
    branches,
    form_schema,
    hints,
    input_model,
    output_schema,
    plain,
    takes_ctx,
    words_of,
)

Function = Callable[..., Any]
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


@dataclass(frozen=True, slots=True)
class _Options:
    """What the decorators were told."""

    id: str
    kind: Kind
    version: int = 1
    effect: Effect = "pure"
    unknown: Unknown = "ask"
    ports: tuple[Port, ...] | None = None
    ports_from: str | None = None
    title: str = ""
    icon: str = ""
    group: str = ""
    output: Any = None
    sample: Any = None
    net: tuple[str, ...] = ()
    timeout: float = 60.0
    start: Start = ""
    control: Control = ""


@dataclass(slots=True)
class Declared:
    """A decorated function: call it as before, or hang preview, migrations and options on it."""

    function: Function
    _options: _Options
    _preview: Function | None = None
    _effect_of: Function | None = None
    _next_fire: Function | None = None
    _accept: Function | None = None
    _match: Function | None = None
    _migrations: dict[int, Function] = field(default_factory=dict)
    _choices: dict[str, Function] = field(default_factory=dict)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function itself."""
        return self.function(*args, **kwargs)

    @property
    def id(self) -> str:
        """The node type's id."""
        return self._options.id

    def preview(self, function: Function) -> Function:
        """`(some of the parameters) -> str`: what the action would do, in one sentence, without doing it."""
        self._preview = function
        return function

    def effect_of(self, function: Function) -> Function:
        """`(some of the parameters) -> Effect`, where the effect depends on the settings."""
        self._effect_of = function
        return function

    def next_fire(self, function: Function) -> Function:
        """Schedules: `(after, some of the parameters) -> datetime | None`, strictly after `after` (aware, UTC)."""
        self._next_fire = function
        return function

    def accept(self, function: Function) -> Function:
        """Triggers: `(payload, some of the parameters) -> payload`, checked; raises UserError to refuse it."""
        self._accept = function
        return function

    def match(self, function: Function) -> Function:
        """Record triggers: `(change, some of the parameters) -> None | str`, pure: why this change starts nothing.

        The parameter `type` names the type of record; changes of others are never asked about. Empty text: the
        trigger is not about such changes at all, and nothing is told of it.
        """
        self._match = function
        return function

    def migrate(self, version: int) -> Callable[[Function], Function]:
        """`(params) -> params`: stored parameters of this version, made fit for the next."""

        def decorate(function: Function) -> Function:
            self._migrations[version] = function
            return function

        return decorate

    def options(self, name: str) -> Callable[[Function], Function]:
        """`async (ctx, parameters so far, search, page) -> list`: choices of a field, asked while editing."""

        def decorate(function: Function) -> Function:
            self._choices[name] = function
            return function

        return decorate

    def build(self) -> NodeType:
        """The node type. Raises DeclarationError when something does not fit."""
        given = self._options
        model = input_model(self.function)
        returns = hints(self.function).get("return", inspect.Signature.empty)
        title, help_text = words_of(self.function)
        if not title and not given.title:
            raise DeclarationError(f"{given.id}: write a docstring; its first sentence is the title people see")
        self._check(model)
        return NodeType(
            id=given.id,
            version=given.version,
            kind=given.kind,
            input=model,
            input_schema=form_schema(model),
            output_schema=_output(given.output if given.output is not None else returns),
            call=None if given.kind is Kind.TRIGGER or given.control else _with_ctx(self.function),
            effect=given.effect,
            effect_of=_from_model(self._effect_of),
            unknown=given.unknown,
            ports=given.ports or self._branches(returns) or (Port("out"),),
            ports_from=given.ports_from,
            title=given.title or title,
            help=help_text,
            icon=given.icon,
            group=given.group or given.id.partition(".")[0],
            sample=plain(given.sample),
            net=given.net,
            timeout=given.timeout,
            start=given.start,
            control=given.control,
            next_fire=_fires(self._next_fire),
            accept=_accepts(self._accept),
            match=_matches(self._match),
            preview=_some(self._preview),
            migrations=dict(self._migrations),
            options=dict(self._choices),
        )

    def _branches(self, returns: Any) -> tuple[Port, ...] | None:
        return branches(returns) if self._options.kind is Kind.CONDITION else None

    def _check(self, model: type[BaseModel]) -> None:
        given = self._options
        if not _ID.fullmatch(given.id):
            raise DeclarationError(f"{given.id!r}: an id looks like sms.send (small letters, digits, _ and a dot)")
        if given.effect == "outward" and self._preview is None:
            raise DeclarationError(
                f"{given.id}: an action with effect='outward' needs a preview: "
                f"@{self.function.__name__}.preview, a function that says what it would do"
            )
        for name in (*self._choices, *([given.ports_from] if given.ports_from else [])):
            if name not in model.model_fields:
                raise DeclarationError(f"{given.id}: there is no parameter {name!r}")
        if given.start == "record" and (self._match is None or "type" not in model.model_fields):
            raise DeclarationError(f"{given.id}: a record trigger needs a parameter `type` and a .match function")
        wrong = [step for step in self._migrations if not 1 <= step < given.version]
        if wrong:
            raise DeclarationError(f"{given.id}: migrate({wrong[0]}) leads past version {given.version}")


def _output(given: Any) -> dict[str, Any]:
    return dict(given) if isinstance(given, Mapping) else output_schema(given)


def _with_ctx(function: Function) -> Function:
    """`(ctx, **params)`, whether or not the function asks for ctx; a plain `def` stays one (for a thread)."""
    if takes_ctx(function):
        return function
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def call(_: Any, /, **params: Any) -> Any:
            return await function(**params)

        return call

    @functools.wraps(function)
    def call_in_thread(_: Any, /, **params: Any) -> Any:
        return function(**params)

    return call_in_thread


def _some(function: Function | None) -> Function | None:
    """The function, given only the parameters it asks for."""
    if function is None:
        return None
    names = set(inspect.signature(function).parameters)

    @functools.wraps(function)
    def call(**params: Any) -> Any:
        return function(**{name: value for name, value in params.items() if name in names})

    return call


def _from_model(function: Function | None) -> Callable[[BaseModel], Effect] | None:
    some = _some(function)
    return None if some is None else lambda params: some(**params.__dict__)


def _fires(function: Function | None) -> Callable[[BaseModel, datetime], datetime | None] | None:
    some = _some(function)
    return None if some is None else lambda params, after: some(after=after, **params.__dict__)


def _accepts(function: Function | None) -> Callable[[BaseModel, Any], Any] | None:
    some = _some(function)
    return None if some is None else lambda params, payload: some(payload=payload, **params.__dict__)


def _matches(function: Function | None) -> Callable[[BaseModel, RecordChange], str | None] | None:
    some = _some(function)
    return None if some is None else lambda params, change: some(change=change, **params.__dict__)


def _declare(options: _Options) -> Callable[[Function], Declared]:
    return lambda function: Declared(function, options)


def action(
    id: str,
    *,
    version: int = 1,
    effect: Effect = "pure",
    unknown: Unknown = "ask",
    title: str = "",
    icon: str = "",
    group: str = "",
    output: Any = None,
    sample: Any = None,
    net: Sequence[str] = (),
    timeout: float = 60.0,
    ports: Sequence[Port] | None = None,
    control: Control = "",
) -> Callable[[Function], Declared]:
    """A block that does something. `id` is "group.verb"; `output` overrides the return annotation (Model or
    JSON Schema); `sample` fills the data picker before any run; `net` lists the hosts ctx.http may reach
    ("*": hosts the user types); `timeout` in seconds. `effect="outward"` needs a `.preview`. `control` names what
    the engine does itself (join, loop, call); the function then only declares settings and is never called."""
    return _declare(
        _Options(
            id,
            Kind.ACTION,
            version,
            effect,
            unknown,
            title=title,
            icon=icon,
            group=group,
            output=output,
            sample=sample,
            net=tuple(net),
            timeout=timeout,
            ports=None if ports is None else tuple(ports),
            control=control,
        )
    )


def condition(
    id: str,
    *,
    version: int = 1,
    ports: Sequence[Port] | None = None,
    ports_from: str | None = None,
    title: str = "",
    icon: str = "",
    group: str = "",
    output: Any = None,
    sample: Any = None,
    timeout: float = 60.0,
) -> Callable[[Function], Declared]:
    """A block that chooses a way: returns bool (ports true, false), a Literal (a port per value), or Branch.
    `ports_from` names the list parameter whose items (with `id` and `title`) are further ports, shown first."""
    return _declare(
        _Options(
            id,
            Kind.CONDITION,
            version,
            ports=None if ports is None else tuple(ports),
            ports_from=ports_from,
            title=title,
            icon=icon,
            group=group,
            output=output,
            sample=sample,
            timeout=timeout,
        )
    )


class _Trigger:
    """`@trigger.webhook(...)`, `.manual(...)`, `.schedule(...)`, `.record(...)`: the function's parameters are the
    settings, its return type is the event's payload; its body is never called."""

    def webhook(self, id: str, **options: Any) -> Callable[[Function], Declared]:
        """Starts when somebody calls the hook's address."""
        return self._start(id, "webhook", options)

    def manual(self, id: str, **options: Any) -> Callable[[Function], Declared]:
        """Starts when a person presses "Run now"."""
        return self._start(id, "manual", options)

    def schedule(self, id: str, **options: Any) -> Callable[[Function], Declared]:
        """Starts at moments told by `.next_fire`."""
        return self._start(id, "schedule", options)

    def record(self, id: str, **options: Any) -> Callable[[Function], Declared]:
        """Starts when a record of the type in its parameter `type` changes in a way that `.match` wants."""
        return self._start(id, "record", options)

    def _start(self, id: str, start: Start, options: dict[str, Any]) -> Callable[[Function], Declared]:
        known = {"version", "title", "icon", "group", "output", "sample"}
        if options.keys() - known:
            raise DeclarationError(f"{id}: unknown options {sorted(options.keys() - known)}")
        return _declare(_Options(id, Kind.TRIGGER, start=start, **options))


trigger = _Trigger()
"""Decorators for blocks that start a scenario."""
