"""A loaded plugin: its node types, its words in each language, or what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from potok.registry.faults import Fault
from potok.sdk.node import NodeType
from potok.words import DEFAULT

Source = Literal["folder", "package"]
Locale = dict[str, Any]
"""{"title", "nodes": {type: {"title", "help", "fields", "ports", "output"}}, "groups", "errors": {code: [..]}}"""


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """One line of the plugins page. `source`: a file or folder of the plugins folder, or an installed package."""

    id: str
    title: str
    version: str
    source: str
    node_types: tuple[str, ...]
    error: Fault | None = None
    titles: dict[str, str] = field(default_factory=dict)
    readmes: dict[str, str] = field(default_factory=dict)

    def title_in(self, locale: str) -> str:
        """The title in this language, else as the plugin wrote it."""
        return self.titles.get(locale) or self.titles.get(DEFAULT) or self.title

    def readme_in(self, locale: str) -> str:
        """What the plugin says about itself, in this language if it does; empty when it says nothing."""
        return self.readmes.get(locale) or self.readmes.get(DEFAULT, "")


@dataclass(slots=True)
class Plugin:
    """A plugin as it was found. Broken: `fault` is set and `node_types` is empty."""

    id: str
    source: Source
    place: str
    """File or folder name, or the package's name."""
    digest: str
    """Of everything it consists of; the same in every process."""
    title: str = ""
    version: str = ""
    icon: str = ""
    node_types: list[NodeType] = field(default_factory=list)
    locales: dict[str, Locale] = field(default_factory=dict)
    readmes: dict[str, str] = field(default_factory=dict)
    """README.md, and README.ru.md and the like, by language."""
    fault: Fault | None = None
    module: str = ""
    """Its unique name in sys.modules."""

    def info(self) -> PluginInfo:
        """What the plugins page shows."""
        titles = {locale: str(words["title"]) for locale, words in self.locales.items() if words.get("title")}
        return PluginInfo(
            id=self.id,
            title=self.title or self.id,
            version=self.version,
            source=self.place if self.source == "folder" else f"package {self.place}",
            node_types=tuple(node.id for node in self.node_types),
            error=self.fault,
            titles=titles,
            readmes=self.readmes,
        )
