"""From resolved settings to the call, and from its return value to the way out: the engine's side of the SDK."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from potok.sdk.node import Kind, NodeType
from potok.sdk.outcome import Branch, Stop, UserError, Wait
from potok.sdk.signature import plain

_CODES = {
    "missing": "param_missing",
    "extra_forbidden": "param_unknown",
    "literal_error": "param_choice",
    "enum": "param_choice",
    "string_type": "param_text",
    "list_type": "param_list",
    "dict_type": "param_object",
    "string_too_short": "param_missing",
    "too_short": "param_missing",
}
_PREFIXES = {
    "int": "param_number",
    "float": "param_number",
    "decimal": "param_number",
    "bool": "param_boolean",
    "date": "param_datetime",
    "datetime": "param_datetime",
    "model": "param_object",
    "greater": "param_bounds",
    "less": "param_bounds",
}


def bind(node: NodeType, values: Mapping[str, Any]) -> dict[str, Any]:
    """The keyword arguments of `node.call`.

    Raises UserError naming the field (code `param_*`, or the plugin's own code) when a value does not fit.
    """
    return bind_model(node, values).__dict__


def bind_model(node: NodeType, values: Mapping[str, Any]) -> BaseModel:
    """The same as a model, for `effect_of` and `next_fire`."""
    try:
        return node.input.model_validate(values)
    except ValidationError as error:
        raise refusal(error) from error


def code_of(kind: str) -> str:
    """Our code for pydantic's error type; a plugin's own code stays as it is."""
    if kind in _CODES:
        return _CODES[kind]
    prefix = kind.partition("_")[0]
    if prefix in _PREFIXES:
        return _PREFIXES[prefix]
    return "param_invalid" if kind in ("value_error", "assertion_error") or _is_pydantics(kind) else kind


def _is_pydantics(kind: str) -> bool:
    return kind.startswith(("string_", "list_", "dict_", "url_", "time_", "timezone_", "union_", "is_instance"))


def refusal(error: ValidationError) -> UserError:
    """The first thing wrong with a step's parameters as an error people can read (words: `plugins.<code>`)."""
    first = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    params = {str(key): str(value) for key, value in (first.get("ctx") or {}).items()}
    reason = first["msg"].removeprefix("Value error, ")
    shown = params | {"name": path, "reason": reason}
    return UserError(path, f"{path}: {reason}", "", code=code_of(first["type"]), **shown)


def answer(node: NodeType, returned: Any) -> Branch | Wait | Stop:
    """The way out and the plain output of what `node.call` returned.

    A condition's bool or Literal names its port and is its output as well.
    """
    if isinstance(returned, Branch):
        return Branch(returned.port, plain(returned.output))
    if isinstance(returned, Wait):
        return Wait(returned.until, plain(returned.output), returned.signal, returned.port, returned.working)
    if isinstance(returned, Stop):
        return Stop(returned.success, returned.name, returned.message, plain(returned.result))
    if node.kind is Kind.CONDITION:
        if isinstance(returned, bool):
            return Branch("true" if returned else "false", returned)
        if isinstance(returned, str):
            return Branch(returned, returned)
    return Branch("out", plain(returned))
