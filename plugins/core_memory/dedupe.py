"""A block that tells new things from those that were there before."""

from datetime import timedelta
from typing import Annotated, Literal

from potok.sdk import Branch, Ctx, Duration, Field, Model, Port, Text, UserError, action

LONGEST = timedelta(days=366)


class Met(Model):
    """The first time."""

    first_run_id: Annotated[str, Field(title="The run that saw it first")]
    first_at: Annotated[str, Field(title="When that was")]
    times: Annotated[int, Field(title="How often until now")]


@action(
    "data.dedupe",
    effect="record",
    icon="copy-check",
    ports=[Port("new", "New"), Port("duplicate", "Seen before")],
    output=Met,
    sample=Met(first_run_id="0190a6f0-0000-7000-8000-000000000000", first_at="2026-01-05T09:00:00+00:00", times=1),
)
async def dedupe(
    ctx: Ctx,
    key: Annotated[
        Text,
        Field(
            kind="template",
            title="What must not repeat",
            help="Such as the number of the order, or an address and a date.",
        ),
    ],
    within: Annotated[
        Duration | None,
        Field(kind="duration", title="Within", help="Counted from the first time. Without it: a year."),
    ] = None,
    scope: Annotated[
        Literal["scenario", "shared"],
        Field(
            title="Remembered by",
            choices={"scenario": "this scenario", "shared": "all scenarios that use the same name"},
        ),
    ] = "scenario",
    name: Annotated[
        Text, Field(kind="text", title="Name", show_if={"scope": ["shared"]}, needed=True, max_length=100)
    ] = "",
) -> Branch:
    """Let only new ones through. Goes one way the first time, and the other when the same was there before."""
    if not key.strip():
        raise UserError(
            "key", "There is nothing to compare: it is empty.", "Pick data that are always there.", code="no_key"
        )
    if within is not None and within.delta > LONGEST:
        raise UserError("within", "It is remembered for 366 days at most.", "Choose less.", code="too_long")
    shared = name.strip() if scope == "shared" else ""
    if scope == "shared" and not shared:
        raise UserError("name", "The name is missing.", "Use one name in all these scenarios.", code="no_name")
    seen = await ctx.memory.first_seen(key, within=None if within is None else within.delta, shared=shared)
    met = Met(first_run_id=seen.first_run_id, first_at=seen.first_at.isoformat(), times=seen.times)
    return Branch("new" if seen.new else "duplicate", met)
