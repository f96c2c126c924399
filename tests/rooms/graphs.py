"""Small scenario documents for tests."""

from typing import Any

Json = dict[str, Any]


def graph(*nodes: Json, edges: list[tuple[str, str, str]] | None = None, title: str = "Orders") -> Json:
    """A document. Edges are (from, port, to)."""
    wires = [{"source": source, "port": port, "target": target} for source, port, target in edges or []]
    return {"format": "potok/1", "title": title, "nodes": list(nodes), "edges": wires}


def node(node_id: str, kind: str, **params: Any) -> Json:
    """A node."""
    return {"id": node_id, "type": kind, "params": params}


def fields(**values: Any) -> list[Json]:
    """The setting of a "set fields" block."""
    return [{"name": name, "value": value} for name, value in values.items()]


def hooked(title: str = "Orders", size: str = "big") -> Json:
    """A webhook, then set fields."""
    return graph(
        node("hook", "webhook.received"),
        node("note", "data.set_fields", fields=fields(size=size, sum={"$ref": ["hook", "body", "amount"]})),
        edges=[("hook", "out", "note")],
        title=title,
    )


def by_hand(**question: Any) -> Json:
    """Started by hand, then set fields."""
    asked = [question] if question else []
    return graph(
        node("start", "manual.started", fields=asked),
        node("note", "data.set_fields", fields=fields(done=True)),
        edges=[("start", "out", "note")],
    )


def scheduled() -> Json:
    """Every day at nine, then set fields."""
    schedule = {"every": "day", "at": "09:00", "timezone": "UTC"}
    return graph(
        node("clock", "schedule.fired", schedule=schedule),
        node("note", "data.set_fields", fields=fields(done=True)),
        edges=[("clock", "out", "note")],
    )
