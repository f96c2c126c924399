"""Rights per field: a type as a role sees it, and what a role may fill. Pure.

Only roles that build nothing can be restricted: who designs scenarios and formulas could read everything anyway.
A field that is hidden is left out of the shape, so filters, sorts, groups and sums do not know it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from potok.records.shape import FieldShape, Shape

Right = Literal["none", "read", "write"]
RIGHTS: tuple[Right, ...] = ("none", "read", "write")
RESTRICTED = frozenset({"viewer", "member"})
"""Roles that fields may be hidden from."""


def right_of(one: FieldShape, role: str) -> str:
    """What the role may do with the field, as far as the field decides."""
    return one.rights.get(role, "write") if role in RESTRICTED else "write"


def seen_by(shape: Shape, role: str) -> Shape:
    """The type without what the role must not see."""
    hidden = frozenset(key for key, one in shape.fields.items() if right_of(one, role) == "none")
    if not hidden:
        return shape
    fields = {key: one for key, one in shape.fields.items() if key not in hidden}
    return replace(shape, fields=fields, hidden=hidden)


def locked(shape: Shape, role: str) -> frozenset[str]:
    """Keys the role may not fill."""
    return frozenset(key for key, one in shape.fields.items() if right_of(one, role) != "write")


def seen_data(shape: Shape, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values (or errors, or changes) by key, without those of hidden fields."""
    return {key: value for key, value in values.items() if key not in shape.hidden}
