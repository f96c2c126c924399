"""Keeps the partitioned history in order: makes weeks ahead, drops old ones, removes single old runs."""

from potok.adapters.history.keeper import Report, keep, look_ahead
from potok.adapters.history.weeks import overflowing

__all__ = ["Report", "keep", "look_ahead", "overflowing"]
