"""Makes a Graph of anything that came from outside, or the list of problems why it is none."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from potok.graph.model import Graph
from potok.graph.problems import Problem
from potok.graph.shape import is_storable
from potok.graph.upgrade import FormatRefused, upgrade

MAX_NESTING = 100
_MAX_PROBLEMS = 100


def parse(raw: Any) -> tuple[Graph | None, list[Problem]]:
    """The document, upgraded to the present format; or None and every problem of its shape, with paths.

    What a valid shape says is checked by `validate`.
    """
    if not isinstance(raw, dict):
        return None, [Problem("not_a_document")]
    unfit = next(_unfit(raw), None)
    if unfit is not None:
        return None, [unfit]
    try:
        return Graph.model_validate(upgrade(raw)), []
    except FormatRefused as error:
        return None, [error.problem]
    except ValidationError as error:
        return None, [_problem(one, raw) for one in error.errors(include_url=False)[:_MAX_PROBLEMS]]


def _unfit(raw: Any) -> Iterator[Problem]:
    """Texts the database cannot keep, numbers JSON does not have, and nesting nobody can read."""
    stack: list[tuple[tuple[str, ...], Any]] = [((), raw)]
    while stack:
        path, item = stack.pop()
        if isinstance(item, str):
            if not is_storable(item):
                yield _placed("value_not_storable", path, raw, field=path[-1] if path else "")
        elif isinstance(item, dict | list):
            if len(path) >= MAX_NESTING:
                yield _placed("nested_too_deep", path[:6], raw, limit=MAX_NESTING)
                return
            pairs = item.items() if isinstance(item, dict) else enumerate(item)
            for key, inner in pairs:
                if isinstance(key, str) and not is_storable(key):
                    yield _placed("value_not_storable", path, raw, field="")
                else:
                    stack.append(((*path, str(key)), inner))
        elif isinstance(item, float):
            if item != item or item in (float("inf"), float("-inf")):
                yield _placed("value_not_json", path, raw, field=path[-1] if path else "")
        elif item is not None and not isinstance(item, int):
            yield _placed("value_not_json", path, raw, field=path[-1] if path else "")


_CODES = {
    "missing": "key_missing",
    "extra_forbidden": "key_unknown",
    "string_too_long": "text_too_long",
}


def _problem(error: Any, raw: dict[str, Any]) -> Problem:
    path = tuple(str(part) for part in error["loc"])
    code = _CODES.get(error["type"], "key_wrong")
    if error["type"] == "string_pattern_mismatch":
        code = {"type": "bad_type_id", "port": "bad_port"}.get(path[-1], "bad_id")
    return _placed(
        code, path, raw, value=str(error["input"])[:80], limit=(error.get("ctx") or {}).get("max_length", "")
    )


def _placed(code: str, path: tuple[str, ...], raw: dict[str, Any], **params: Any) -> Problem:
    """Inside a node that has an id, the path counts from that node."""
    shown = {"place": ".".join(path) or "document", **params}
    if len(path) > 2 and path[0] == "nodes":
        nodes = raw.get("nodes")
        node = nodes[int(path[1])] if isinstance(nodes, list) and path[1].isdigit() else None
        if isinstance(node, dict) and isinstance(node.get("id"), str) and path[2] != "id":
            return Problem(code, "error", node["id"], path[2:], shown, str(node.get("type", "")))
    return Problem(code, path=path, params=shown)
