"""Finds plugins, builds the Catalog of node types, watches the plugin folder."""
