"""Blocks that keep named values: read them, set them, add to them."""

import json
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from potok.sdk import MAX_VALUE, Ctx, Field, MemoryRefused, Model, Text, UserError, action, plain_number, text_of

_NAME = Field(kind="text", title="Variable", min_length=1, max_length=100)
_SCOPE = Field(
    title="Belongs to", choices={"scenario": "this scenario", "workspace": "all scenarios of the workspace"}
)
Scope = Literal["scenario", "workspace"]
Kind = Literal["text", "number", "boolean", "json"]
_YES = ("true", "yes", "1", "да")
_NO = ("false", "no", "0", "нет", "")


class Kept(Model):
    """A variable."""

    value: Annotated[Any, Field(title="Value")] = None
    before: Annotated[Any, Field(title="What it held before")] = None


@action("variable.set", effect="record", icon="variable", group="data", output=Kept, sample=Kept(value=1))
async def set_(
    ctx: Ctx,
    name: Annotated[Text, _NAME],
    kind: Annotated[
        Kind,
        Field(title="Kind", choices={"text": "text", "number": "number", "boolean": "yes or no", "json": "data"}),
    ] = "text",
    value: Annotated[Any, Field(kind="json", title="Value")] = None,
    scope: Annotated[Scope, _SCOPE] = "scenario",
) -> Kept:
    """Set a variable. Keeps a value for later runs."""
    meant = _meant(kind, value)
    try:
        before = await ctx.memory.set(name, meant, kind=kind, scope=scope)
    except MemoryRefused:
        raise _too_large("value") from None
    return Kept(value=_plain(meant), before=_plain(before))


class Found(Model):
    """What a variable holds."""

    value: Annotated[Any, Field(title="Value")] = None
    found: Annotated[bool, Field(title="It exists")] = False


@action(
    "variable.get", effect="read", icon="variable", group="data", output=Found, sample=Found(value=1, found=True)
)
async def get(
    ctx: Ctx,
    name: Annotated[Text, _NAME],
    otherwise: Annotated[
        Any, Field(kind="json", title="If there is none", help="What to go on with when nobody has set it.")
    ] = None,
    scope: Annotated[Scope, _SCOPE] = "scenario",
) -> Found:
    """Read a variable. Takes a value that an earlier run has kept."""
    value = await ctx.memory.get(name, scope=scope)
    return Found(value=otherwise if value is None else _plain(value), found=value is not None)


class Sum(Model):
    """The variable after the addition."""

    value: Annotated[Any, Field(title="New value")]


@action("variable.add", effect="record", icon="circle-plus", group="data", output=Sum, sample=Sum(value=1))
async def add(
    ctx: Ctx,
    name: Annotated[Text, _NAME],
    amount: Annotated[
        Any, Field(kind="number", title="Add", help="Below zero: take away. A variable begins at zero.")
    ] = 1,
    scope: Annotated[Scope, _SCOPE] = "scenario",
) -> Sum:
    """Add to a variable. Counts exactly, also when many runs add at the same time."""
    try:
        total = await ctx.memory.add(name, _number("amount", amount), scope=scope)
    except MemoryRefused as refused:
        if refused.reason == "too_large":
            raise _too_large("amount") from None
        raise UserError(
            "name",
            f"The variable {name} holds something else than a number.",
            "Take another name, or set it to a number first.",
            code="not_a_number",
            variable=name,
        ) from None
    return Sum(value=_plain(total))


def _plain(value: Any) -> Any:
    return plain_number(value) if isinstance(value, Decimal) else value


def _meant(kind: str, value: Any) -> Any:
    """The value as its kind has it."""
    if kind == "number":
        return _number("value", value)
    if kind == "boolean":
        return _boolean(value)
    return text_of(value) if kind == "text" else value


def _number(field: str, value: Any) -> Decimal:
    try:
        number = Decimal(text_of(value).strip().replace(",", ".")) if not isinstance(value, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        shown = json.dumps(value, ensure_ascii=False, default=str)[:80]
        raise UserError(field, f"{shown} is not a number.", "Write digits only.", code="wrong_number", value=shown)
    return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    said = text_of(value).strip().lower()
    if said not in (*_YES, *_NO):
        raise UserError(
            "value", f"{said[:80]} is neither yes nor no.", "Use yes or no.", code="wrong_boolean", value=said[:80]
        )
    return said in _YES


def _too_large(field: str) -> UserError:
    return UserError(
        field,
        "This is too large for a variable.",
        "Keep less: 64 kB at most, a number of at most 60 digits.",
        code="too_large",
        limit=MAX_VALUE // 1024,
    )
