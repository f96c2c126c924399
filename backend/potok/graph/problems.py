"""Problem: one thing wrong with a document, where it is, and the words for it in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from potok.graph.formulas.mistakes import Mistake
from potok.sdk.node import NodeType
from potok.words import DEFAULT, Words, codes, say

Severity = Literal["error", "warning"]


class Types(Protocol):
    """Where node types come from (registry.Catalog is one)."""

    def get(self, type_id: str, version: int | None = None, /) -> NodeType | None:
        """The node type, or None when nobody provides it (or cannot serve this version)."""
        ...


class Labels(Protocol):
    """Titles of node types and their fields in the reader's language (registry.Catalog is one)."""

    def type_title(self, type_id: str, locale: str) -> str:
        """What people call this node type."""
        ...

    def field_title(self, type_id: str, name: str, locale: str) -> str:
        """What people call this parameter."""
        ...

    def error_words(self, type_id: str, code: str, params: Mapping[str, Any], locale: str) -> Words | None:
        """The plugin's own words for an error code, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Problem:
    """An error blocks publishing, a warning does not; neither blocks saving a draft.

    `path` leads to the place: with `node_id` inside that node (`("params", "to", "0")`), else inside the document
    (`("edges", "3")`). `node_type` is that node's type. `nodes` are (title, type) of nodes the words name.
    """

    code: str
    severity: Severity = "error"
    node_id: str | None = None
    path: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    node_type: str = ""
    nodes: tuple[tuple[str, str], ...] = ()

    def words(self, locale: str = DEFAULT, labels: Labels | None = None) -> Words:
        """What is wrong, and how to mend it."""
        shown = {name: str(value) for name, value in self.params.items()}
        shown["nodes"] = " → ".join(_name(node, locale, labels) for node in self.nodes)
        if "field" in shown and labels is not None:
            shown["field"] = labels.field_title(self.node_type, shown["field"], locale)
        if self.path[:2] == ("settings", "start_if"):
            shown["field"] = say("graph.start_if", locale).message
        if self.code.startswith("formula_"):
            shown |= _formula_words(self.params, locale)
        if self.code == "param_invalid" and labels is not None:
            own = labels.error_words(self.node_type, shown.get("reason_code", ""), self.params, locale)
            if own is not None:
                return own
        return say(f"graph.{self.code}", locale, **shown)


def _formula_words(params: dict[str, Any], locale: str) -> dict[str, str]:
    """The mistake in a formula, or the kinds that do not fit, in the reader's language."""
    if "reason_code" in params:
        reason = Mistake(str(params["reason_code"]), params=params).words(locale)
        return {"reason": reason.message, "mend": reason.fix}
    return {name: say(f"formula.kind.{params[name]}", locale).message for name in ("wanted", "found")}


def _name(node: tuple[str, str], locale: str, labels: Labels | None) -> str:
    title, type_id = node
    return title or (labels.type_title(type_id, locale) if labels is not None else type_id)


def has_words(code: str) -> bool:
    """Whether somebody wrote this problem down."""
    return f"graph.{code}" in codes(DEFAULT)
