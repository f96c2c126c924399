"""The Catalog and the plugins in the schema: not a room's, since the registry knows no GraphQL."""

import asyncio
from collections.abc import AsyncGenerator
from enum import Enum
from typing import Any

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, query, subscription
from potok.people.service import Permission
from potok.registry.plugin import PluginInfo as LoadedPlugin
from potok.words import LOCALES

LOOK = 0.25
"""Seconds between two looks at the catalog's hash: a saved plugin shows in the open builder within a second."""


@strawberry.enum
class NodeKind(Enum):
    """The three kinds of block."""

    TRIGGER = "trigger"
    CONDITION = "condition"
    ACTION = "action"


@strawberry.type
class Port:
    """A way out of a node."""

    id: str
    title: str


@strawberry.type
class NodeType:
    """A kind of block, with the JSON Schema of its settings and of its output."""

    type: str
    version: int
    kind: NodeKind
    title: str
    help: str
    icon: str
    group: str
    effect: str
    start: str
    input_schema: JSON
    output_schema: JSON
    ports: list[Port]
    ports_from: str | None
    sample: JSON | None
    plugin: str


@strawberry.type
class NodeGroup:
    """A shelf of the palette."""

    id: str
    title: str


@strawberry.type
class Catalog:
    """Every kind of block that works. `hash` changes with any of them."""

    hash: str
    node_types: list[NodeType]
    groups: list[NodeGroup]


@strawberry.type
class PluginError:
    """What keeps a plugin from working."""

    message: str
    file: str
    line: int | None
    details: str


@strawberry.type
class Plugin:
    """Where kinds of blocks come from. `readme` is Markdown by its author: show it as text, never as HTML."""

    id: str
    title: str
    version: str
    source: str
    node_types: list[str]
    readme: str
    error: PluginError | None


@strawberry.type
class CatalogChange:
    """The catalog or a plugin is another one now. `plugins` changes also when one breaks or heals."""

    hash: str
    plugins: str


@strawberry.type
class CatalogQuery:
    """Root fields about the catalog."""

    @query(Permission.SEE)
    async def catalog(self, info: Info, locale: str | None = None) -> Catalog:
        """All kinds of blocks, in the palette's order and the reader's language."""
        request = info.context
        said = locale if locale in LOCALES else request.locale
        found = request.catalog
        return Catalog(
            hash=found.hash,
            node_types=[_node_type(one) for one in found.localized(said)],
            groups=[NodeGroup(id=one["id"], title=one["title"]) for one in found.groups(said)],
        )

    @query(Permission.SEE)
    async def plugins(self, info: Info) -> list[Plugin]:
        """All plugins, the broken ones with their error."""
        return [_plugin(one, info.context.locale) for one in info.context.plugins]


@strawberry.type
class CatalogSubscription:
    """Live news of the catalog."""

    @subscription(Permission.SEE)
    async def catalog_changed(self, info: Info) -> AsyncGenerator[CatalogChange, None]:
        """Told whenever a plugin was added, changed or removed, and when one broke or was mended."""
        request = info.context
        told = request.types.state
        while True:
            await asyncio.sleep(LOOK)
            if request.types.state == told:
                continue
            if not await request.still_welcome():
                return
            told = request.types.state
            yield CatalogChange(hash=request.catalog.hash, plugins=told)


def _node_type(found: dict[str, Any]) -> NodeType:
    return NodeType(
        type=found["type"],
        version=found["version"],
        kind=NodeKind(found["kind"]),
        title=found["title"],
        help=found["help"],
        icon=found["icon"],
        group=found["group"],
        effect=found["effect"],
        start=found["start"],
        input_schema=JSON(found["input_schema"]),
        output_schema=JSON(found["output_schema"]),
        ports=[Port(id=port["id"], title=port["title"]) for port in found["ports"]],
        ports_from=found["ports_from"],
        sample=None if found["sample"] is None else JSON(found["sample"]),
        plugin=found["plugin"],
    )


def _plugin(found: LoadedPlugin, locale: str) -> Plugin:
    error = None
    if found.error is not None:
        words = found.error.words(locale)
        message = " ".join(part for part in words if part)
        error = PluginError(
            message=message, file=found.error.file, line=found.error.line, details=found.error.details
        )
    return Plugin(
        id=found.id,
        title=found.title_in(locale),
        version=found.version,
        source=found.source,
        node_types=list(found.node_types),
        readme=found.readme_in(locale),
        error=error,
    )
