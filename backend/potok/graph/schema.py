"""JSON Schema of the text format, for editors that check and complete while a person types."""

from typing import Any

from potok.graph.formulas.limits import MAX_LENGTH
from potok.graph.model import FORMAT, Graph

_SETTINGS = ("GraphSettings", "RunLimits", "Concurrency", "Rate", "NodeSettings", "RetryPolicy", "StepLimits")


def text_schema() -> dict[str, Any]:
    """The schema (2020-12) of what `text.dumps` writes. Node params are free: their types are the Catalog's."""
    model = Graph.model_json_schema()
    node, edge = model["$defs"]["Node"], model["$defs"]["Edge"]
    node_keys, edge_keys = dict(node["properties"]), dict(edge["properties"])
    node_keys.pop("position")
    node_keys["at"] = {
        "type": "array",
        "items": {"type": "number"},
        "minItems": 2,
        "maxItems": 2,
        "description": "Where the block stands on the canvas: [x, y]",
    }
    node_keys["settings"] = {"$ref": "#/$defs/NodeSettings"}
    node_keys["params"] = {"type": "object", "additionalProperties": {"$ref": "#/$defs/Value"}, "default": {}}
    ends = {"from": edge_keys["source"], "port": edge_keys["port"], "to": edge_keys["target"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Potok scenario ({FORMAT})",
        "type": "object",
        "additionalProperties": False,
        "required": ["format"],
        "properties": {
            "format": {"const": FORMAT},
            "title": model["properties"]["title"],
            "settings": {"$ref": "#/$defs/GraphSettings"},
            "nodes": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
            "edges": {"type": "array", "items": {"$ref": "#/$defs/Edge"}},
        },
        "$defs": {
            "Node": _closed(node_keys, ["id", "type"]),
            "Edge": _closed(ends, ["from", "to"]),
            "Value": _value(),
            **{name: model["$defs"][name] for name in _SETTINGS},
        },
    }


def _closed(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _value() -> dict[str, Any]:
    """A literal, a pill, a formula or a text with them, at any depth."""
    ref = {
        "type": "object",
        "additionalProperties": False,
        "required": ["$ref"],
        "properties": {
            "$ref": {
                "type": "array",
                "prefixItems": [{"type": "string"}],
                "items": {"type": ["string", "integer"]},
                "minItems": 1,
            }
        },
    }
    formula = {
        "type": "object",
        "additionalProperties": False,
        "required": ["$formula"],
        "properties": {"$formula": {"type": "string", "maxLength": MAX_LENGTH}},
    }
    text = {
        "type": "object",
        "additionalProperties": False,
        "required": ["$text"],
        "properties": {"$text": {"type": "array", "items": {"anyOf": [{"type": "string"}, ref, formula]}}},
    }
    literal = {
        "type": "object",
        "propertyNames": {"pattern": "^(?!\\$)"},
        "additionalProperties": {"$ref": "#/$defs/Value"},
    }
    plain = [{"type": ["string", "number", "boolean", "null"]}]
    return {"anyOf": [*plain, {"type": "array", "items": {"$ref": "#/$defs/Value"}}, ref, formula, text, literal]}
