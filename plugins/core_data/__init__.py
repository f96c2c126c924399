"""Blocks that build data for the steps after them."""

from typing import Annotated, Any

from potok.sdk import Field, Model, Pairs, action


class Composed(Model):
    """A finished text."""

    text: Annotated[str, Field(title="Text")]


@action("data.set_fields", icon="list-details", output={"type": "object", "x-keys-from": "fields"}, sample={})
async def set_fields(
    fields: Annotated[Pairs, Field(kind="pairs", title="Fields", help="A name and a value each.", min_length=1)],
) -> dict[str, Any]:
    """Set fields. Builds an object from names and values for the steps after it."""
    return {field.name: field.value for field in fields}


@action("data.text", icon="text-size", sample=Composed(text="Hello, Anna!"))
async def text(
    text: Annotated[str, Field(kind="template", title="Text", help="Words mixed with data of earlier steps.")],
) -> Composed:
    """Write a text. Mixes words with data of earlier steps."""
    return Composed(text=text)
