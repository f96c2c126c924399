"""Model, the base of every input and output of a node, and the compound values the form can build."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic import Field as PydanticField

from potok.sdk.fields import Field
from potok.sdk.text import text_of


class Model(BaseModel):
    """Shape of a node's input or output. Numbers become text where text is wanted; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


def as_text(value: Any) -> Any:
    """Any value as text for a text field (nothing becomes empty text)."""
    return value if isinstance(value, str) else text_of(value)


Text = Annotated[str, BeforeValidator(as_text)]
"""A string that also takes numbers, lists and nothing, as a pill may bring them."""

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}


class Duration(Model):
    """A length of time as people say it: 2 hours, 3 days."""

    amount: float = PydanticField(ge=0, le=1_000_000)
    unit: Literal["seconds", "minutes", "hours", "days", "weeks"]

    @property
    def delta(self) -> timedelta:
        """The same as a timedelta (a day is 24 hours)."""
        return timedelta(seconds=self.amount * _SECONDS[self.unit])


class Pair(Model):
    """A name and a value: one line of a `pairs` field."""

    name: Text
    value: Any = None


class Case(Model):
    """One branch of a switch; `id` is the port it leaves by."""

    id: str = PydanticField(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    title: str = ""
    when: dict[str, Any]


def split_addresses(value: Any) -> Any:
    """One text with commas, semicolons or lines, or a list of such texts, as a flat list of addresses."""
    if value is None:
        return []
    parts = value if isinstance(value, list | tuple) else [value]
    found = [piece.strip() for part in parts for piece in re.split(r"[,;\n]", text_of(part))]
    return [piece for piece in found if piece]


Conditions = Annotated[dict[str, Any], Field(kind="conditions")]
"""`{"match": "all" | "any", "rules": [...]}`; ask `holds(conditions)`."""

Emails = Annotated[list[str], BeforeValidator(split_addresses), Field(kind="emails")]
"""Addresses; a pill may bring one text with several of them, or a list."""

Pairs = Annotated[list[Pair], Field(kind="pairs")]
"""Ordered names and values."""

Cases = Annotated[list[Case], Field(kind="cases")]
"""Branches of a switch."""
