"""Actions on one record: create, find, change, change or create, move to a stage, delete."""

from typing import Annotated, Any

from potok.sdk import Branch, Ctx, Field, Pairs, Port, Text, action

from .common import SAMPLE, RecordType, Which, id_of, output, record, values_of

_KEPT = output(record=record("Record"))
_VALUES = Field(kind="pairs", title="Fields", help="Each field, and its value.", fields_of="type")
_BY = Field(kind="pairs", title="Where", help="Fields that must have these values.", fields_of="type")


@action(
    "record.create",
    effect="record",
    icon="row-insert-bottom",
    group="data",
    output=_KEPT,
    sample={"record": SAMPLE},
)
async def create(ctx: Ctx, type: RecordType, values: Annotated[Pairs, _VALUES] = []) -> dict[str, Any]:
    """Create a record. Fields that are not named get their defaults."""
    return {"record": await ctx.records.create(type, values_of(values))}


@action("record.update", effect="record", icon="edit", group="data", output=_KEPT, sample={"record": SAMPLE})
async def update(ctx: Ctx, type: RecordType, id: Which, values: Annotated[Pairs, _VALUES] = []) -> dict[str, Any]:
    """Change a record. Gives the named fields other values."""
    return {"record": await ctx.records.update(type, id_of(id, "id"), values_of(values))}


@action(
    "record.find",
    effect="read",
    icon="database-search",
    group="data",
    ports=(Port("found", "Found"), Port("none", "None")),
    output=output(
        record=record("Record"),
        records={"type": "array", "title": "Records", "items": record("Record")},
        count={"type": "integer", "title": "How many"},
    ),
    sample={"record": SAMPLE, "records": [SAMPLE], "count": 1},
)
async def find(
    ctx: Ctx,
    type: RecordType,
    by: Annotated[Pairs, _BY] = [],
    limit: Annotated[int, Field(title="At most", ge=1, le=1000)] = 1,
) -> Branch:
    """Find records. The newest first; goes another way when there is none."""
    found = await ctx.records.find(type, values_of(by), limit=limit)
    told = {"record": found[0] if found else None, "records": found, "count": len(found)}
    return Branch("found" if found else "none", told)


@action(
    "record.upsert",
    effect="record",
    icon="database-import",
    group="data",
    output=output(record=record("Record"), created={"type": "boolean", "title": "It is new"}),
    sample={"record": SAMPLE, "created": True},
)
async def upsert(
    ctx: Ctx, type: RecordType, by: Annotated[Pairs, _BY] = [], values: Annotated[Pairs, _VALUES] = []
) -> dict[str, Any]:
    """Change or create a record. Looks for one with these values first; two runs never create the same."""
    kept, new = await ctx.records.upsert(type, values_of(by), values_of(values))
    return {"record": kept, "created": new}


@action(
    "record.move_stage",
    effect="record",
    icon="git-commit",
    group="data",
    output=_KEPT,
    sample={"record": SAMPLE},
)
async def move_stage(
    ctx: Ctx,
    type: RecordType,
    id: Which,
    stage: Annotated[Text, Field(kind="record_stage", title="Stage", min_length=1)],
    reason: Annotated[
        Text, Field(kind="template", title="Close reason", help="Where the stage asks for one.")
    ] = "",
) -> dict[str, Any]:
    """Move a record to a stage. The rules of the stage hold as for people."""
    values = {"stage": stage} | ({"close_reason": reason} if reason else {})
    return {"record": await ctx.records.update(type, id_of(id, "id"), values)}


@action("record.delete", effect="record", icon="trash", group="data", output=_KEPT, sample={"record": SAMPLE})
async def delete(ctx: Ctx, type: RecordType, id: Which) -> dict[str, Any]:
    """Delete a record. It goes into the trash, from where people can take it back."""
    return {"record": await ctx.records.delete(type, id_of(id, "id"))}
