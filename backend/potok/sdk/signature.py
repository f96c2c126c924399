"""Reads a function's signature: its parameters become the form, its return type what later steps can pick."""

import copy
import inspect
import types
import typing
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pydantic
from pydantic import BaseModel, BeforeValidator, TypeAdapter

from potok.sdk.ctx import Ctx
from potok.sdk.fields import KINDS
from potok.sdk.model import Model, as_text
from potok.sdk.node import Port
from potok.sdk.outcome import Branch, Stop, Wait


class DeclarationError(Exception):
    """A node type is declared wrongly; the message tells its author what to change."""


def hints(function: Callable[..., Any]) -> dict[str, Any]:
    """The function's annotations, resolved. Raises DeclarationError when one cannot be found."""
    try:
        return get_type_hints(function, include_extras=True)
    except (NameError, TypeError) as error:
        raise DeclarationError(f"{function.__name__}: an annotation cannot be read: {error}") from error


def takes_ctx(function: Callable[..., Any]) -> bool:
    """Whether the first parameter is the Ctx."""
    names = list(inspect.signature(function).parameters)
    return bool(names) and (names[0] == "ctx" or hints(function).get(names[0]) is Ctx)


def input_model(function: Callable[..., Any]) -> type[BaseModel]:
    """A pydantic model with one field per parameter (without ctx)."""
    found = hints(function)
    parameters = list(inspect.signature(function).parameters.values())
    if takes_ctx(function):
        parameters = parameters[1:]
    fields: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            raise DeclarationError(f"{function.__name__}: name every parameter; {parameter} cannot become a field")
        if parameter.name not in found:
            raise DeclarationError(f"{function.__name__}: parameter {parameter.name!r} needs a type")
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (_tolerant(found[parameter.name], default), default)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a field may be called `json` or `copy`
        return pydantic.create_model(f"{function.__name__}_input", __base__=Model, **fields)


def _tolerant(annotation: Any, default: Any) -> Any:
    """What a pill brings is taken as it comes: anything is text, and nothing means the default."""
    plain_type = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    if plain_type is str:
        annotation = Annotated[annotation, BeforeValidator(as_text)]
    if default in (..., None):
        return annotation
    return Annotated[annotation, BeforeValidator(lambda value: copy.deepcopy(default) if value is None else value)]


def form_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON Schema with a title, `x-kind` and `x-order` on every property."""
    schema = model.model_json_schema()
    schema.pop("title", None)
    schema.setdefault("properties", {})
    for order, (name, field) in enumerate(schema["properties"].items()):
        info = model.model_fields[name]
        field["title"] = info.title or name.replace("_", " ").capitalize()
        field["x-order"] = order
        field.setdefault("x-kind", _kind(field))
        if field["x-kind"] not in KINDS:
            raise DeclarationError(f"{name}: unknown kind {field['x-kind']!r}; known: {', '.join(sorted(KINDS))}")
        allowed = choices(field)
        if allowed:
            labels = field.get("x-labels", {})
            field["x-labels"] = {str(value): labels.get(str(value), str(value)) for value in allowed}
    return schema


def choices(field: Mapping[str, Any]) -> list[Any]:
    """The values a property may choose from; empty where it is free."""
    for place in (field, field.get("items", {}), *field.get("anyOf", ())):
        if "enum" in place:
            return list(place["enum"])
        if "const" in place:
            return [place["const"]]
    return []


def _kind(field: Mapping[str, Any]) -> str:
    kind = field.get("type") or next((one.get("type") for one in field.get("anyOf", ())), None)
    if choices(field):
        return "choices" if kind == "array" else "choice"
    formats = {field.get("format"), *(one.get("format") for one in field.get("anyOf", ()))}
    if formats & {"date-time", "date"}:
        return "datetime"
    return {"string": "text", "integer": "number", "number": "number", "boolean": "boolean"}.get(str(kind), "json")


def output_schema(annotation: Any) -> dict[str, Any]:
    """JSON Schema of what a step yields; `{}` says anything. Branch, Wait and Stop say nothing about it."""
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [part for part in get_args(annotation) if part not in (Branch, Wait, Stop)]
        annotation = Union[tuple(rest)] if rest else Any  # noqa: UP007  # built from a tuple
    if annotation in (Branch, Wait, Stop, inspect.Signature.empty, Any):
        return {}
    try:
        schema = TypeAdapter(annotation).json_schema(mode="serialization")
    except (pydantic.PydanticUserError, pydantic.PydanticSchemaGenerationError) as error:
        raise DeclarationError(f"the return type {annotation} has no JSON Schema: {error}") from error
    schema.pop("title", None)
    return schema


def branches(annotation: Any) -> tuple[Port, ...] | None:
    """Ports that a return type names: bool -> true / false, Literal -> its values; else None."""
    if annotation is bool:
        return (Port("true", "Yes"), Port("false", "No"))
    if get_origin(annotation) is Literal:
        return tuple(Port(str(value), str(value).replace("_", " ").capitalize()) for value in get_args(annotation))
    return None


def words_of(function: Callable[..., Any]) -> tuple[str, str]:
    """Title (first sentence of the docstring, without its full stop) and help (the rest)."""
    doc = inspect.getdoc(function) or ""
    first, _, rest = doc.partition("\n")
    sentence, dot, tail = first.partition(". ")
    title = sentence if dot else first
    help_text = "\n".join(part for part in (tail.strip(), rest.strip()) if part)
    return title.rstrip(".").strip(), help_text


def plain(value: Any) -> Any:
    """Models (also inside lists and objects), dates and decimals as JSON values."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return TypeAdapter(typing.Any).dump_python(value, mode="json")
