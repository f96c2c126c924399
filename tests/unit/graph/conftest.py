"""The Catalog of the shipped plugins and one of node types made for these tests."""

from pathlib import Path

import pytest

from potok.registry import Catalog, load
from potok.sdk import NodeType, action

PLUGINS = Path(__file__).parents[3] / "plugins"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """All shipped node types."""
    return load(PLUGINS).catalog


@action("test.old", version=3)
async def old(name: str = "") -> dict[str, str]:
    """Old block. Its first version said `title`."""
    return {"name": name}


@old.migrate(1)
def _(params: dict[str, object]) -> dict[str, object]:
    return {"label": params["title"]}


@old.migrate(2)
def _(params: dict[str, object]) -> dict[str, object]:
    return {"name": params["label"]}


class Types:
    """The shipped ones and `test.old`."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._old = old.build()

    def get(self, type_id: str, version: int | None = None, /) -> NodeType | None:
        """See Catalog.get."""
        return self._old if type_id == "test.old" else self._catalog.get(type_id, version)


@pytest.fixture(scope="session")
def types(catalog: Catalog) -> Types:
    """Node types to validate against."""
    return Types(catalog)
