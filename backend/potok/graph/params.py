"""Checks one node's params against its type: missing, unknown, of the wrong kind."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from potok.graph.conditions import case_misfits, condition_misfits
from potok.graph.limits import MAX_DEPTH, MAX_SIZE, depth_and_size
from potok.graph.model import Node
from potok.graph.problems import Problem
from potok.graph.shape import Misfit, bad_values, misfits
from potok.graph.upgrade import migrate_params
from potok.graph.values import is_dynamic, refs
from potok.sdk.node import NodeType

_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
_MIXED = re.compile(r"[,;\n]")


def size_problem(node: Node) -> Problem | None:
    """Params so deep or so large that nothing else is looked at."""
    depth, size = depth_and_size(node.params)
    if depth > MAX_DEPTH:
        return Problem("params_too_deep", "error", node.id, ("params",), {"limit": MAX_DEPTH}, node.type)
    if size > MAX_SIZE:
        return Problem("params_too_large", "error", node.id, ("params",), {"limit": MAX_SIZE // 1024}, node.type)
    return None


def param_problems(node: Node, node_type: NodeType) -> Iterator[Problem]:
    """Everything wrong with params of ordinary size."""
    params, problem = migrate_params(node, node_type)
    if problem is not None:
        yield problem
        return
    found = list(bad_values(params)) or list(_misfits(params, node_type))
    for misfit in found or _own_misfits(params, node_type):
        yield _problem(node, node_type, misfit)


def _problem(node: Node, node_type: NodeType, misfit: Misfit) -> Problem:
    params = dict(misfit.params)
    if misfit.path:
        params.setdefault("field", misfit.path[0])
    return Problem(misfit.code, "error", node.id, ("params", *misfit.path), params, node_type.id)


def _misfits(params: Mapping[str, Any], node_type: NodeType) -> Iterator[Misfit]:
    schema = node_type.input_schema
    fields: dict[str, Any] = schema.get("properties", {})
    for name in params:
        if name not in fields:
            yield Misfit("param_unknown", (name,))
    required = set(schema.get("required", ()))
    for name, field in fields.items():
        if not is_shown(name, params, schema):
            continue
        value = params.get(name)
        kind = field.get("x-kind", "")
        if _is_blank(value) and not (name in params and kind == "conditions"):
            if name in required or field.get("x-needed"):
                yield Misfit("param_missing", (name,))
            continue
        yield from _field_misfits(value, field, schema, (name,))


def is_shown(name: str, params: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Whether the form shows this field, as its `x-show-if` says. A pill may be anything, so it shows."""
    fields = schema.get("properties", {})
    for other, wanted in fields.get(name, {}).get("x-show-if", {}).items():
        value = params.get(other, fields.get(other, {}).get("default"))
        if not is_dynamic(value) and value not in wanted:
            return False
    return True


def _is_blank(value: Any) -> bool:
    if isinstance(value, dict) and len(value) == 1 and "$text" in value:
        parts = value["$text"]
        return isinstance(parts, list) and all(isinstance(part, str) and not part.strip() for part in parts)
    if isinstance(value, dict) and isinstance(value.get("$formula"), str):
        return not value["$formula"].strip()
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _field_misfits(
    value: Any, field: Mapping[str, Any], root: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[Misfit]:
    kind = field.get("x-kind", "")
    if kind == "conditions":
        yield from condition_misfits(value, path)
        return
    if kind == "emails":
        value = [value] if isinstance(value, str) else value
    yield from misfits(value, field, root, path)
    if kind == "cases":
        yield from case_misfits(value, path)
    elif kind in ("email", "emails"):
        yield from _email_misfits(value, path)
    elif kind == "url" and isinstance(value, str) and not re.match(r"(?i)https?://[^\s/]", value.strip()):
        yield Misfit("param_not_url", path)


def _email_misfits(value: Any, path: tuple[str, ...]) -> Iterator[Misfit]:
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(item, str):
            continue
        for piece in _MIXED.split(item):
            address = piece.strip()
            named = re.fullmatch(r"[^<>]*<([^<>]+)>", address)
            if address and not _EMAIL.fullmatch(named.group(1).strip() if named else address):
                place = (*path, str(index)) if isinstance(value, list) else path
                yield Misfit("param_not_email", place, {"address": address[:100]})


def _own_misfits(params: Mapping[str, Any], node_type: NodeType) -> list[Misfit]:
    """What the type's own validators say about the fields that hold no pills."""
    schema = node_type.input_schema
    fields = schema.get("properties", {})
    fixed = {
        name
        for name in fields
        if is_shown(name, params, schema)
        and not any(True for _ in refs(params.get(name)))
        and not _has_text(params.get(name))
    }
    given = {name: value for name, value in params.items() if name in fixed and value is not None}
    try:
        node_type.input.model_validate(given)
    except ValidationError as error:
        return [
            _own_misfit(one)
            for one in error.errors(include_url=False, include_input=False)
            if one["type"] != "missing" and (one["loc"][0] in fixed if one["loc"] else len(fixed) == len(fields))
        ]
    except Exception as error:  # a validator of a plugin; its bug must not stop the check of the document
        return [
            Misfit("param_invalid", (), {"field": node_type.id, "reason": str(error)[:200], "reason_code": ""})
        ]
    return []


def _has_text(value: Any) -> bool:
    if isinstance(value, dict):
        return "$text" in value or "$formula" in value or any(map(_has_text, value.values()))
    return isinstance(value, list) and any(map(_has_text, value))


def _own_misfit(error: Any) -> Misfit:
    path = tuple(str(part) for part in error["loc"])
    reason = str(error["msg"]).removeprefix("Value error, ")
    context = {str(key): str(value) for key, value in (error.get("ctx") or {}).items()}
    return Misfit("param_invalid", path, context | {"reason": reason, "reason_code": error["type"]})
