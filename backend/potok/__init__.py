"""Potok: an automation platform with a visual builder; every floor of the house lives under this package."""

__version__ = "0.1.0"
