"""Puts a plugin's words into what it declared: titles, help, choices, ports and outputs of a node type."""

import copy
from collections.abc import Sequence
from typing import Any

from potok.registry.plugin import Locale
from potok.sdk.fields import LISTED
from potok.sdk.node import NodeType


def node_words(words: Locale, type_id: str) -> Locale:
    """The part of a locale file that speaks about one node type."""
    nodes = words.get("nodes")
    found = nodes.get(type_id) if isinstance(nodes, dict) else None
    return found if isinstance(found, dict) else {}


def localized_node(node: NodeType, words: Sequence[Locale]) -> dict[str, Any]:
    """One entry of Catalog.localized(). `words`: best first; what nobody translated is shown as declared."""
    ports = _merged(words, "ports")
    return {
        "type": node.id,
        "version": node.version,
        "kind": node.kind.value,
        "title": _first(words, "title") or node.title,
        "help": _first(words, "help") or node.help,
        "icon": node.icon,
        "group": node.group,
        "effect": node.effect,
        "start": node.start,
        "input_schema": _input(node, _merged(words, "fields")),
        "output_schema": _output(node.output_schema, _merged(words, "output")),
        "ports": [{"id": port.id, "title": str(ports.get(port.id, port.title))} for port in node.ports],
        "ports_from": node.ports_from,
        "sample": node.sample,
        "plugin": node.plugin,
    }


def _first(words: Sequence[Locale], key: str) -> str:
    return next((str(one[key]) for one in words if one.get(key)), "")


def _merged(words: Sequence[Locale], key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in reversed(words):
        found.update(one.get(key) or {})
    return found


def _input(node: NodeType, fields: dict[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(node.input_schema)
    for name, place in found.get("properties", {}).items():
        if name in node.options or place.get("x-kind") in LISTED:
            place["x-options"] = True
        said = fields.get(name)
        if not isinstance(said, dict):
            continue
        for key, target in (("title", "title"), ("help", "description"), ("placeholder", "x-placeholder")):
            if said.get(key):
                place[target] = said[key]
        if "x-labels" in place:
            place["x-labels"] |= said.get("choices") or {}
    return found


def _output(schema: dict[str, Any], titles: dict[str, Any]) -> dict[str, Any]:
    """`titles`: {"body": title, "request.id": title of a deeper key}."""
    found = copy.deepcopy(schema)
    for path, title in titles.items():
        place: Any = found
        for key in path.split("."):
            place = place.get("properties", {}).get(key) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place["title"] = title
    return found
