"""Reaching into data: only keys of mappings and places of lists exist; nothing of Python can be named."""

from collections.abc import Mapping
from typing import Any

from potok.graph.formulas.coerce import whole
from potok.graph.formulas.env import Env
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.values import kind_of


def member(env: Env, holder: Any, key: str) -> Any:
    """A field of a record (nothing if it has none such); of a list, that field of every item."""
    if type(holder) is dict:
        return holder.get(key)
    if holder is None:
        return None
    if type(holder) is list:
        env.made_list(len(holder))
        return [member(env, one, key) for one in holder]
    if isinstance(holder, Mapping):
        return holder.get(key)
    raise FormulaError("not_a_record", found=kind_of(holder), key=key)


def item(holder: Any, index: Any) -> Any:
    """The item at a place from 1 (from -1 at the end) or the field of a name; nothing where there is none."""
    if holder is None:
        return None
    if type(holder) is list:
        place = whole(index)
        if place == 0:
            raise FormulaError("place_from_one")
        at = place - 1 if place > 0 else len(holder) + place
        return holder[at] if 0 <= at < len(holder) else None
    if isinstance(holder, Mapping) and isinstance(index, str):
        return holder.get(index)
    raise FormulaError("not_a_list", found=kind_of(holder))
