"""Blocks that hold a run back or end it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from potok.sdk import Ctx, Duration, Field, Model, Pairs, Port, Stop, UserError, Wait, WorkingWait, action

from .signals import send_signal, signal

__all__ = ["call", "fail", "join", "loop", "send_signal", "signal", "succeed", "wait"]


Mode = Literal["for", "until", "working", "working_until"]


class Waited(Model):
    """When the wait was over."""

    until: Annotated[str, Field(title="Waited until")]


@action("flow.wait", icon="hourglass", output=Waited, sample=Waited(until="2026-01-01T09:00:00+00:00"))
async def wait(
    ctx: Ctx,
    mode: Annotated[
        Mode,
        Field(
            title="Wait",
            choices={
                "for": "for a time",
                "until": "until a date",
                "working": "for working time",
                "working_until": "until it is working time",
            },
        ),
    ] = "for",
    duration: Annotated[
        Duration | None,
        Field(
            kind="duration",
            title="How long",
            help="In working time an hour is an hour at work; days are working days, to the same time of day.",
            show_if={"mode": ["for", "working"]},
            needed=True,
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        Field(
            kind="datetime",
            title="Until",
            help="A moment that is already over does not hold the run back. Without a time zone: UTC.",
            show_if={"mode": ["until"]},
            needed=True,
        ),
    ] = None,
    calendar: Annotated[
        str,
        Field(
            kind="calendar",
            title="Calendar",
            help="Whose working hours and days off count. Empty: the default calendar of the workspace.",
            show_if={"mode": ["working", "working_until"]},
        ),
    ] = "",
) -> Wait | Waited:
    """Wait. Holds the run back for a time or until a date, in working time if you like; it survives restarts."""
    now = ctx.now()
    if mode == "working_until":
        return _at_work(ctx, now, None, calendar)
    if mode == "working" and _length(duration):
        return _at_work(ctx, now, duration, calendar)
    moment = _until(until) if mode == "until" else now + _length(duration)
    output = Waited(until=moment.isoformat())
    return Wait(moment, output) if moment > now else output


def _at_work(ctx: Ctx, now: datetime, duration: Duration | None, calendar: str) -> Wait | Waited:
    length = None if duration is None else duration.delta
    days = 0
    if length is not None and duration is not None and duration.unit in ("days", "weeks"):
        days, rest = divmod(length, timedelta(days=1))
        if rest:
            raise UserError("duration", "Working days are counted whole.", "Use hours.", code="whole_days")
    wanted = WorkingWait(now, length, calendar or None, days)
    moment = ctx.over(wanted)
    output = Waited(until=moment.isoformat())
    return Wait(moment, output, working=wanted) if moment > now else output


def _until(until: datetime | None) -> datetime:
    if until is None:
        raise UserError("until", "There is no date to wait for.", "Choose a date.", code="no_date")
    return until.replace(tzinfo=UTC) if until.tzinfo is None else until.astimezone(UTC)


def _length(duration: Duration | None) -> Any:
    if duration is None:
        raise UserError("duration", "It is not said how long to wait.", "Set a duration.", code="no_duration")
    return duration.delta


class Joined(Model):
    """What came in."""

    first: Annotated[str, Field(title="The branch that came first")] = ""
    value: Annotated[Any, Field(title="Its data")] = None
    values: Annotated[list[Any], Field(title="Data of all branches that came")] = []


@action(
    "flow.join", icon="arrows-join", control="join", output=Joined, sample=Joined(first="a", value={}, values=[{}])
)
async def join(
    mode: Annotated[
        Literal["all", "any", "first"],
        Field(
            title="Go on",
            choices={
                "all": "when all branches have come",
                "any": "with the first; the others go on to their end",
                "first": "with the first; the others are stopped",
            },
            help="Branches that cannot come any more are never waited for.",
        ),
    ] = "all",
) -> Joined:
    """Join branches. Brings parallel branches together."""
    raise NotImplementedError


class Failure(Model):
    """Why an item failed."""

    code: Annotated[str, Field(title="Code")]
    message: Annotated[str, Field(title="Message")]
    fix: Annotated[str, Field(title="What to do")] = ""
    field: Annotated[str, Field(title="Field")] = ""
    details: Annotated[str, Field(title="Details")] = ""


class FailedItem(Model):
    """An item that failed."""

    index: Annotated[int, Field(title="Number (from 0)")]
    error: Annotated[Failure, Field(title="Error")]


class Looped(Model):
    """Inside the loop: the item. After it: what became of all."""

    item: Annotated[Any, Field(title="Item (inside the loop)")] = None
    index: Annotated[int, Field(title="Number of the item, from 0 (inside the loop)")] = 0
    items: Annotated[list[Any], Field(title="Result of each item (after the loop)")] = []
    failed: Annotated[list[FailedItem], Field(title="Items that failed (after the loop)")] = []
    count: Annotated[int, Field(title="How many items (after the loop)")] = 0


@action(
    "flow.loop",
    icon="repeat",
    control="loop",
    ports=[Port("item", "For each item"), Port("done", "Done")],
    output=Looped,
    sample=Looped(item={}, index=0, items=[{}], failed=[], count=1),
)
async def loop(
    items: Annotated[
        Any,
        Field(
            kind="json",
            title="Go through",
            help="A list. Of an object: its names and values, as key and value.",
            needed=True,
        ),
    ] = None,
    concurrency: Annotated[int, Field(kind="number", title="How many at a time", ge=1, le=50)] = 1,
    on_item_error: Annotated[
        Literal["stop", "continue"],
        Field(
            title="If an item fails",
            choices={"stop": "stop the loop", "continue": "go on with the others"},
        ),
    ] = "stop",
) -> Looped:
    """For each. Does the same for every item of a list; “done” follows when all are over."""
    raise NotImplementedError


class Called(Model):
    """What the called scenario gave back."""

    run_id: Annotated[str, Field(title="Its run")] = ""
    end_name: Annotated[str | None, Field(title="Name of its end")] = None
    result: Annotated[Any, Field(title="Its result")] = None


@action("flow.call", icon="arrow-right-circle", control="call", output=Called, sample=Called(result={}))
async def call(
    scenario: Annotated[
        str, Field(kind="scenario", title="Scenario", help="It must be published and start by hand.", min_length=1)
    ],
    inputs: Annotated[
        Pairs, Field(kind="answers", title="Input", help="The answers to the questions of its start by hand.")
    ] = [],
    wait: Annotated[
        bool, Field(kind="boolean", title="Wait for its result", help="Otherwise this run goes on at once.")
    ] = True,
) -> Called:
    """Call a scenario. Starts the published version of another scenario and takes over the result of its end."""
    raise NotImplementedError


_NAME = Field(kind="text", title="Name of this end", help="Shown in the history, counted in the figures.")
_RESULT = Field(kind="json", title="Result", help="Answers the caller when the webhook waits for the result.")


@action("flow.succeed", icon="flag-check", output={}, sample=None)
async def succeed(
    name: Annotated[str, _NAME] = "",
    message: Annotated[str, Field(kind="template", title="Message")] = "",
    result: Annotated[Any, _RESULT] = None,
) -> Stop:
    """Finish with success. Ends the run at once, all branches."""
    return Stop(True, name, message, result)


@action("flow.fail", icon="flag-x", output={}, sample=None)
async def fail(
    name: Annotated[str, _NAME] = "",
    message: Annotated[str, Field(kind="template", title="Message")] = "",
    result: Annotated[Any, _RESULT] = None,
) -> Stop:
    """Finish with failure. Ends the run at once, all branches, and marks it as failed."""
    return Stop(False, name, message, result)
