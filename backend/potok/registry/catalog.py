"""The Catalog: every node type that works, its hash, and its words in the reader's language."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from potok.graph.formula_values import CODE as FORMULA_CODE
from potok.graph.formula_values import error_words as formula_words
from potok.registry.localize import localized_node, node_words
from potok.registry.plugin import Locale, Plugin
from potok.sdk.node import NodeType
from potok.words import DEFAULT, Words, codes, ended, say

GROUPS = ("trigger", "logic", "flow", "data", "messages", "web")
"""Palette order of the groups Potok names itself; a plugin's own groups follow."""


_RECORD_CODE = "record."
"""What the codes of the records room begin with; it tells the names of its fields in every language it has."""


class Catalog:
    """Immutable. A reload makes a new one."""

    def __init__(self, plugins: Sequence[Plugin] = ()) -> None:
        self._plugins = {plugin.id: plugin for plugin in plugins}
        order = {group: place for place, group in enumerate(GROUPS)}
        nodes = [node for plugin in plugins for node in plugin.node_types]
        nodes.sort(
            key=lambda node: (order.get(node.group, len(order)), node.group if node.group not in order else "")
        )
        self._types = {node.id: node for node in nodes}
        self._localized: dict[str, list[dict[str, Any]]] = {}
        self.hash = _hash(plugins)

    def __iter__(self) -> Iterator[NodeType]:
        return iter(self._types.values())

    def __len__(self) -> int:
        return len(self._types)

    def get(self, type_id: str, version: int | None = None, /) -> NodeType | None:
        """The node type; with `version`, only if it serves it: the same, or reachable by declared migrations."""
        found = self._types.get(type_id)
        if found is None or version is None or version == found.version:
            return found
        steps = range(version, found.version)
        return found if steps and all(step in found.migrations for step in steps) else None

    def localized(self, locale: str = DEFAULT) -> list[dict[str, Any]]:
        """Every node type as the palette and the inspector need it, in palette order. Do not change the result.

        Keys: type, version, kind, title, help, icon, group, effect, start, input_schema, output_schema,
        ports [{id, title}], ports_from, sample, plugin.
        """
        if locale not in self._localized:
            self._localized[locale] = [localized_node(node, self._words(node.id, locale)) for node in self]
        return self._localized[locale]

    def groups(self, locale: str = DEFAULT) -> list[dict[str, str]]:
        """The groups in use, in palette order: {id, title}."""
        found: dict[str, str] = {}
        for node in self:
            found.setdefault(node.group, self._group_title(node, locale))
        return [{"id": group, "title": title} for group, title in found.items()]

    def _group_title(self, node: NodeType, locale: str) -> str:
        if f"plugins.group_{node.group}" in codes(DEFAULT):
            return say(f"plugins.group_{node.group}", locale).message
        for words in self._locales(node.plugin, locale):
            if node.group in words.get("groups", {}):
                return str(words["groups"][node.group])
        return node.group.replace("_", " ").capitalize()

    def _locales(self, plugin_id: str, locale: str) -> list[Locale]:
        """The plugin's words, best first: this language, else the default one."""
        plugin = self._plugins.get(plugin_id)
        if plugin is None:
            return []
        return [plugin.locales[one] for one in dict.fromkeys((locale, DEFAULT)) if one in plugin.locales]

    def _words(self, type_id: str, locale: str) -> list[Locale]:
        node = self._types.get(type_id)
        return [] if node is None else [node_words(words, type_id) for words in self._locales(node.plugin, locale)]

    def type_title(self, type_id: str, locale: str = DEFAULT) -> str:
        """What people call this node type; the id itself when nobody provides it."""
        node = self._types.get(type_id)
        for words in self._words(type_id, locale):
            if words.get("title"):
                return str(words["title"])
        return node.title if node is not None else type_id

    def field_title(self, type_id: str, name: str, locale: str = DEFAULT) -> str:
        """What people call this parameter; its name when nobody says."""
        for words in self._words(type_id, locale):
            title = words.get("fields", {}).get(name, {}).get("title")
            if title:
                return str(title)
        node = self._types.get(type_id)
        shown = node.input_schema.get("properties", {}).get(name, {}).get("title") if node is not None else None
        return str(shown or name)

    def error_words(
        self, type_id: str, code: str, params: Mapping[str, Any], locale: str = DEFAULT
    ) -> Words | None:
        """The plugin's own words for an error code, its `{placeholders}` filled; None when it has none."""
        node = self._types.get(type_id)
        for words in self._locales(node.plugin, locale) if node is not None else []:
            found = words.get("errors", {}).get(code)
            if isinstance(found, list) and found:
                shown = _Shown(params)
                return ended(found[0].format_map(shown), found[1].format_map(shown) if len(found) > 1 else "")
        return None

    def localize_error(
        self, error: Mapping[str, Any], locale: str = DEFAULT, node_type: str = ""
    ) -> dict[str, Any]:
        """A run's error {code, message, fix, params, ...} with message and fix in this language.

        Looks at the plugin of `node_type`, then at Potok's own words (`engine.`, `plugins.`); words that
        exist in one language only stay as they are.
        """
        code, params = str(error.get("code", "")), dict(error.get("params") or {})
        name = str(params.get("name") or error.get("field") or "").partition(".")[0]
        if name:
            params["name"] = self.field_title(node_type, name, locale)
        if code.startswith(FORMULA_CODE):
            words = formula_words(code, params, locale)
            return dict(error) | {"message": words.message, "fix": words.fix}
        own = self.error_words(node_type, code, params, locale)
        if own is None and code.startswith(_RECORD_CODE):
            field = params.get(f"field_{locale}") or params.get("field", "")
            own = _say(code, locale, params | {"field": field})
        for area in ("engine", "plugins"):
            if own is None:
                own = _say(f"{area}.{code}", locale, params)
        return dict(error) if own is None else dict(error) | {"message": own.message, "fix": own.fix}


def _say(code: str, locale: str, params: Mapping[str, Any]) -> Words | None:
    """Potok's own words; None where there are none, or where an old error lacks what they name."""
    try:
        return say(code, locale, **params)
    except KeyError:
        return None


class _Shown(dict[str, Any]):
    """Parameters of a sentence; one that is missing shows as nothing instead of failing the whole page."""

    def __missing__(self, key: str) -> str:
        return ""


def _hash(plugins: Sequence[Plugin]) -> str:
    """Over everything the plugins consist of, so a changed function counts although its schema did not change."""
    parts = sorted((plugin.id, plugin.digest) for plugin in plugins)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
