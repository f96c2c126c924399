"""Finds plugins, builds the Catalog and notices when a plugin's files change."""

from potok.registry.catalog import Catalog
from potok.registry.load import Loaded, Loader, load
from potok.registry.plugin import PluginInfo

__all__ = ["Catalog", "Loaded", "Loader", "PluginInfo", "load"]
