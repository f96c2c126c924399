"""The shape of an error as a run keeps it, and the words for those the engine itself finds."""

import traceback
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from potok.engine.ports import Json
from potok.sdk.bind import refusal
from potok.sdk.outcome import AuthExpired, Retry, UserError
from potok.words import say

_FRAMES = 6
_LONGEST = 4_000


def make_error(
    code: str,
    node_id: str = "",
    *,
    field: str = "",
    details: str = "",
    message: str | None = None,
    fix: str = "",
    params: Mapping[str, Any] | None = None,
) -> Json:
    """{code, message, fix, node_id, field, details, params}; words: the given ones, else `engine.<code>`.

    `params` let a screen say the same in the reader's language.
    """
    given = params or {}
    if message is None:
        message, fix = say(f"engine.{code}", **given)
    return {
        "code": code,
        "message": message,
        "fix": fix,
        "node_id": node_id,
        "field": field,
        "details": details[:_LONGEST],
        "params": {key: value if isinstance(value, int | float) else str(value) for key, value in given.items()},
    }


def from_exception(error: BaseException, node_id: str, type_id: str) -> Json:
    """What a person reads about an exception that left a node."""
    if isinstance(error, UserError):
        return make_error(
            error.code or "user_error",
            node_id,
            field=error.field,
            message=error.message,
            fix=error.fix,
            params=error.params,
        )
    if isinstance(error, AuthExpired):
        return make_error("auth_expired", node_id, details=error.message)
    if isinstance(error, Retry):
        return make_error("retries_exhausted", node_id, details=error.message)
    if isinstance(error, TimeoutError):
        return make_error("step_timeout", node_id, params={"type": type_id})
    named = {"type": type_id, "error": type(error).__name__}
    return make_error("plugin_bug", node_id, details=short_traceback(error), params=named)


def from_validation(error: ValidationError, node_id: str, type_id: str) -> Json:
    """The first thing wrong with resolved parameters, named by its field; all of it in `details`."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    found = from_exception(refusal(error), node_id, type_id)
    lines = [f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}" for problem in problems]
    found["details"] = "\n".join(lines)[:_LONGEST]
    return found


def short_traceback(error: BaseException) -> str:
    """The last frames, without the machine's folders."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]:
        place = "/".join(frame.filename.replace("\\", "/").split("/")[-2:])
        lines.append(f"{place}:{frame.lineno} in {frame.name}: {frame.line or ''}".rstrip(": "))
    lines.append(f"{type(error).__name__}: {error}")
    return "\n".join(lines)
