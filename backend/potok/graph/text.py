"""The document as text people read and edit: a small, strict part of YAML, written the same way every time."""

from typing import Any

from potok.graph.model import Graph, Node
from potok.graph.parse import parse
from potok.graph.problems import Labels, Problem
from potok.graph.yaml_reader import Marks, TextError, read_yaml
from potok.graph.yaml_writer import write_yaml
from potok.words import DEFAULT, Words

__all__ = ["DocumentError", "TextError", "dumps", "loads"]


class DocumentError(TextError):
    """The text is good YAML, but no scenario. `problems` has every one; line and column are the first one's."""

    def __init__(self, problems: list[Problem], line: int, column: int) -> None:
        self.problems = problems
        super().__init__("text_shape", line, column)

    def words(self, locale: str = DEFAULT, labels: Labels | None = None) -> Words:
        """What is wrong, and how to mend it."""
        first = self.problems[0].words(locale, labels)
        shape = Problem(
            "text_shape",
            params={"line": self.line, "column": self.column, "problem": first.message, "fix": first.fix},
        )
        return shape.words(locale)


def dumps(graph: Graph) -> str:
    """The text of a document. Keys at their default are left out; ids, order and every value are kept."""
    document: dict[str, Any] = {"format": graph.format}
    if graph.title:
        document["title"] = graph.title
    if changed := graph.settings.model_dump(mode="json", exclude_defaults=True):
        document["settings"] = changed
    document["nodes"] = [_node(node) for node in graph.nodes]
    document["edges"] = [
        {"from": edge.source, **({"port": edge.port} if edge.port != "out" else {}), "to": edge.target}
        for edge in graph.edges
    ]
    return write_yaml(document)


def _node(found: Node) -> dict[str, Any]:
    node = found.model_dump(exclude={"settings"})
    shown: dict[str, Any] = {"id": node["id"], "type": node["type"]}
    if node["version"] != 1:
        shown["version"] = node["version"]
    if node["title"]:
        shown["title"] = node["title"]
    if node["position"] != {"x": 0, "y": 0}:
        shown["at"] = [_short(node["position"]["x"]), _short(node["position"]["y"])]
    if node["disabled"]:
        shown["disabled"] = True
    if node["params"]:
        shown["params"] = node["params"]
    if changed := _settings(found):
        shown["settings"] = changed
    return shown


def _settings(node: Node) -> dict[str, Any]:
    """Only what differs; a retry policy that is wholly plain still says that there is one."""
    changed = node.settings.model_dump(mode="json", exclude_defaults=True)
    if node.settings.retry is not None:
        changed["retry"] = node.settings.retry.model_dump(mode="json", exclude_defaults=True)
    return changed


def _short(number: float) -> float | int:
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def loads(text: str) -> Graph:
    """The document of a text. Raises TextError with line and column (DocumentError where the YAML is good)."""
    raw, marks = read_yaml(text)
    graph, problems = parse(_as_stored(raw))
    if graph is None:
        line, column = _mark(problems[0], raw, marks)
        raise DocumentError(problems, line, column)
    return graph


_NODE_KEYS = {"at": "position"}
_EDGE_KEYS = {"from": "source", "to": "target"}


def _as_stored(raw: Any) -> Any:
    """The same document with the keys of the stored form."""
    if not isinstance(raw, dict):
        return raw
    found = dict(raw)
    for key, names in (("nodes", _NODE_KEYS), ("edges", _EDGE_KEYS)):
        if isinstance(found.get(key), list):
            found[key] = [_renamed(item, names) if isinstance(item, dict) else item for item in found[key]]
    return found


def _renamed(item: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    found = {names.get(key, key): value for key, value in item.items() if key not in names.values()}
    found |= {f"{key} ": item[key] for key in names.values() if key in item}  # the stored name is not for texts
    at = found.get("position")
    if isinstance(at, list) and len(at) == 2:
        found["position"] = {"x": at[0], "y": at[1]}
    return found


def _mark(problem: Problem, raw: Any, marks: Marks) -> tuple[int, int]:
    """The place of a problem, or of the nearest thing around it."""
    path: tuple[str, ...] = problem.path
    if problem.node_id is not None and isinstance(raw, dict):
        nodes = raw.get("nodes")
        for index, node in enumerate(nodes if isinstance(nodes, list) else []):
            if isinstance(node, dict) and node.get("id") == problem.node_id:
                path = ("nodes", str(index), *path)
                break
    names = {stored: shown for shown, stored in (_NODE_KEYS | _EDGE_KEYS).items()}
    path = tuple(names.get(part, part.strip()) if place == 2 else part for place, part in enumerate(path))
    while path and path not in marks:
        path = path[:-1]
    return marks.get(path, (1, 1))
