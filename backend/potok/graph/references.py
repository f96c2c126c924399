"""Checks where pills point: a step that exists, stands upstream, and yields such a key."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from potok.graph.model import Node
from potok.graph.problems import Problem
from potok.graph.values import refs
from potok.sdk.node import NodeType


def ref_problems(
    node: Node,
    place: int,
    upstream: int,
    places: Mapping[str, int],
    nodes: Sequence[Node],
    types: Mapping[str, NodeType],
    inside: frozenset[str] = frozenset(),
) -> Iterator[Problem]:
    """`place`: of the node; `upstream`: bits of the nodes before it; `places`: node id -> its position; `inside`:
    the loops around it."""
    for path, (target, *keys) in refs(node.params):
        where = ("params", *map(str, path))
        params: dict[str, Any] = {"field": str(path[0]) if path else "", "target": target}
        at = places.get(str(target))
        if at is None:
            yield Problem("ref_missing", "error", node.id, where, params, node.type)
            continue
        other = nodes[at]
        named = ((other.title, other.type),)
        if not upstream >> at & 1 or at == place:
            yield Problem("ref_not_upstream", "error", node.id, where, params, node.type, named)
        elif _is_wrong_side(other, keys, types, inside):
            code = "ref_loop_unfinished" if other.id in inside else "ref_not_in_loop"
            yield Problem(code, "error", node.id, where, params | {"key": keys[0]}, node.type, named)
        elif other.settings.on_error == "branch" and keys and keys[0] in ("error", "input"):
            continue
        elif other.type in types and not other.disabled:
            lost = _lost_key(
                types[other.type].output_schema, keys, other.params, projects=path[-1:] == ("$formula",)
            )
            if lost is not None:
                yield Problem(
                    "ref_key_unknown", "warning", node.id, where, params | {"key": lost}, node.type, named
                )


_ITEM_KEYS = frozenset({"item", "index"})


def _is_wrong_side(
    other: Node, keys: Sequence[str | int], types: Mapping[str, NodeType], inside: frozenset[str]
) -> bool:
    """A loop tells its item only inside, and what came of all items only after it."""
    if other.type not in types or types[other.type].control != "loop" or not keys:
        return False
    known = keys[0] in types[other.type].output_schema.get("properties", {})
    return known and (keys[0] in _ITEM_KEYS) != (other.id in inside)


def _lost_key(
    schema: Mapping[str, Any], keys: Sequence[str | int], params: Mapping[str, Any], *, projects: bool = False
) -> str | int | None:
    """The first key that, by the schema, cannot exist. `projects`: a key of a list is that field of every item."""
    root = schema
    for key in keys:
        for _ in range(16):
            ref = schema.get("$ref")
            if not isinstance(ref, str):
                break
            schema = root.get("$defs", {}).get(ref.removeprefix("#/$defs/"), {})
        kind = schema.get("type")
        if kind == "array":
            if isinstance(key, str) and not key.isdigit():
                return None if projects else key
            schema = schema.get("items", {})
        elif kind == "object":
            inner = _property(schema, str(key), params)
            if inner is None:
                return key
            schema = inner
        elif kind in ("string", "number", "integer", "boolean", "null") or "enum" in schema:
            return key
        else:
            return None
        params = {}
    return None


def _property(schema: Mapping[str, Any], key: str, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Schema of a key; `{}` when anything may stand there; None when the key cannot exist."""
    known: Mapping[str, Any] = schema.get("properties", {})
    if key in known:
        return dict(known[key])
    if "x-keys-from" in schema:
        named = params.get(schema["x-keys-from"])
        if isinstance(named, list) and not any(
            not isinstance(one, dict) or isinstance(one.get("name"), dict) for one in named
        ):
            return {} if key in {str(one.get("name")) for one in named} else None
        return {}
    others = schema.get("additionalProperties", True)
    return None if others is False else others if isinstance(others, dict) else {}
