"""Blocks around the office's own records: start when one changes; create, find, change, move, fill them."""

from .actions import create, delete, find, move_stage, update, upsert
from .dates import stamp_date
from .items import add_items
from .triggers import changed, created, deleted, stage, threshold

__all__ = [
    "add_items",
    "changed",
    "create",
    "created",
    "delete",
    "deleted",
    "find",
    "move_stage",
    "stage",
    "stamp_date",
    "threshold",
    "update",
    "upsert",
]
