"""Blocks that hold a run back or end it."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from potok.sdk import Ctx, Duration, Field, Model, Stop, UserError, Wait, action


class Waited(Model):
    """When the wait was over."""

    until: Annotated[str, Field(title="Waited until")]


@action("flow.wait", icon="hourglass", output=Waited, sample=Waited(until="2026-01-01T09:00:00+00:00"))
async def wait(
    ctx: Ctx,
    mode: Annotated[
        Literal["for", "until"],
        Field(title="Wait", choices={"for": "for a time", "until": "until a date"}),
    ] = "for",
    duration: Annotated[
        Duration | None, Field(kind="duration", title="How long", show_if={"mode": ["for"]}, needed=True)
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
) -> Wait | Waited:
    """Wait. Holds the run back for a time or until a date; it survives restarts."""
    now = ctx.now()
    moment = _until(until) if mode == "until" else now + _length(duration)
    output = Waited(until=moment.isoformat())
    return Wait(moment, output) if moment > now else output


def _until(until: datetime | None) -> datetime:
    if until is None:
        raise UserError("until", "There is no date to wait for.", "Choose a date.", code="no_date")
    return until.replace(tzinfo=UTC) if until.tzinfo is None else until.astimezone(UTC)


def _length(duration: Duration | None) -> Any:
    if duration is None:
        raise UserError("duration", "It is not said how long to wait.", "Set a duration.", code="no_duration")
    return duration.delta


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
