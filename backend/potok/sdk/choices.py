"""Dynamic lists of a field, asked while somebody edits: calls a plugin's `.options` function, reads its answer."""

import asyncio
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from potok.sdk.ctx import Ctx
from potok.sdk.node import NodeType
from potok.sdk.signature import plain

MOST = 200
"""Options one page may hold; more are cut off, and there is a next page."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: `value` goes into the settings, `title` is what people see."""

    value: Any
    title: str = ""
    note: str = ""
    """A remark beside it: why it cannot be used now, say."""


@dataclass(frozen=True, slots=True)
class Options:
    """A page of options. `more`: asking for the next page brings others. A plain list is a last page."""

    items: list[Any] = field(default_factory=list)
    more: bool = False


async def ask_options(
    node: NodeType, name: str, ctx: Ctx, params: Mapping[str, Any], *, search: str = "", page: int = 1
) -> Options:
    """The options of one field, as `Option`s. `page` counts from 1.

    The function gets what it asks for: `ctx`, `search`, `page`, and parameters by name; one that is missing, does
    not fit yet or is a pill comes as its default, else None. Raises KeyError for a field without options,
    TypeError for an answer that is no list, and whatever the function raises.
    """
    function = node.options[name]
    given: dict[str, Any] = {"ctx": ctx, "search": search, "page": page}
    wanted = inspect.signature(function).parameters
    arguments = {key: given[key] if key in given else _value(node, key, params) for key in wanted}
    if inspect.iscoroutinefunction(function):
        answer = await function(**arguments)
    else:
        answer = await asyncio.to_thread(function, **arguments)
    found = answer if isinstance(answer, Options) else Options(_listed(answer))
    return Options([_option(item) for item in found.items[:MOST]], found.more or len(found.items) > MOST)


def _value(node: NodeType, name: str, params: Mapping[str, Any]) -> Any:
    info = node.input.model_fields.get(name)
    if info is None:
        return None
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    raw = params.get(name)
    if raw is None or _holds_pills(raw):
        return default
    alone: Any = Annotated[info.annotation, *info.metadata]
    try:
        return TypeAdapter(alone).validate_python(raw)
    except ValidationError:
        return default


def _holds_pills(value: Any) -> bool:
    """Data of a run cannot be known while editing."""
    if isinstance(value, Mapping):
        return any(str(key).startswith("$") or _holds_pills(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(_holds_pills, value))


def _listed(answer: Any) -> list[Any]:
    if isinstance(answer, Mapping):
        return [Option(value, str(title)) for value, title in answer.items()]
    if isinstance(answer, str | bytes) or not isinstance(answer, Iterable):
        raise TypeError(f"options must be a list, not {type(answer).__name__}")
    return list(answer)


def _option(item: Any) -> Option:
    """From an Option, a {"value", "title"} object, a (value, title) pair, or a plain value."""
    if isinstance(item, tuple) and len(item) == 2:
        item = Option(*item)
    elif isinstance(item, Mapping) and "value" in item:
        item = Option(item["value"], str(item.get("title") or ""), str(item.get("note") or ""))
    elif not isinstance(item, Option):
        item = Option(item)
    value = plain(item.value)
    return Option(value, str(item.title) or (value if isinstance(value, str) else str(value)), str(item.note))
