"""Adds line items to a record: products with quantities, or a list of items from earlier data."""

from typing import Annotated, Any, Literal

from potok.sdk import AddItems, Ctx, Field, Pairs, Text, UserError, action

from .common import Which, id_of, output

_MOST = 1000


@action(
    "record.add_items",
    effect="record",
    icon="list-numbers",
    group="data",
    output=output(
        added={"type": "integer", "title": "Added"},
        changed={"type": "integer", "title": "Changed"},
        skipped={"type": "integer", "title": "Left out"},
        items={"type": "array", "items": {"type": "string"}, "title": "Ids of the items"},
    ),
    sample={"added": 2, "changed": 0, "skipped": 0, "items": []},
)
async def add_items(
    ctx: Ctx,
    parent: Which,
    lines: Annotated[
        Pairs, Field(kind="pairs", title="Items", help="Products by title, and how many: a number or a formula.")
    ] = [],
    items: Annotated[
        Any,
        Field(kind="json", title="Further items", help="A list of objects with the fields of items, from data."),
    ] = None,
    same: Annotated[
        Literal["add", "skip", "sum", "replace"],
        Field(
            title="If the product is there already",
            choices={
                "add": "add another item",
                "skip": "leave it as it is",
                "sum": "add up the quantities",
                "replace": "replace the item's values",
            },
        ),
    ] = "add",
    type: Annotated[Text, Field(kind="record_type", title="Type of item")] = "line_item",
    relation: Annotated[Text, Field(kind="record_field", title="Field that points to the record")] = "deal",
    key: Annotated[Text, Field(kind="record_field", title="Field of the product")] = "product",
    quantity: Annotated[Text, Field(kind="record_field", title="Field of the quantity")] = "quantity",
) -> dict[str, Any]:
    """Add line items. Name, price and VAT come from the product; duplicates follow the rule."""
    wanted = [{key: one.name.strip(), quantity: one.value} for one in lines if one.name.strip()]
    wanted += _listed(items)
    if len(wanted) > _MOST:
        said = f"These are more than {_MOST} items."
        raise UserError("items", said, "Add them in several steps.", code="too_many_items", most=_MOST)
    return await ctx.records.add_items(
        AddItems(type, relation, id_of(parent, "parent"), wanted, same, key, quantity)
    )


def _listed(items: Any) -> list[dict[str, Any]]:
    found = [] if items is None else items if isinstance(items, list) else [items]
    if not all(isinstance(one, dict) for one in found):
        said, fix = "This is no list of items.", "Pick a list of objects, such as the items of an order."
        raise UserError("items", said, fix, code="no_items")
    return found
