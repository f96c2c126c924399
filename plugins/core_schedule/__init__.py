"""Starts a scenario at set times."""

from datetime import datetime
from typing import Annotated, Literal

from potok.sdk import Field, Model, trigger

from .schedule import Schedule, next_moment


class Fired(Model):
    """Which moment it was, and when it really started (both ISO, UTC)."""

    scheduled_at: Annotated[str, Field(title="Planned for")]
    fired_at: Annotated[str, Field(title="Started at")]


@trigger.schedule(
    "schedule.fired",
    icon="calendar-clock",
    group="trigger",
    sample=Fired(scheduled_at="2026-01-01T06:00:00+00:00", fired_at="2026-01-01T06:00:00+00:00"),
)
def fired(
    schedule: Annotated[Schedule, Field(kind="schedule", title="When")] = Schedule(),
    missed: Annotated[
        Literal["run_once", "run_all", "skip"],
        Field(
            title="Moments missed while Potok was off",
            choices={
                "run_once": "run once, for all of them",
                "run_all": "run each of them",
                "skip": "leave them out",
            },
        ),
    ] = "run_once",
    days: Annotated[
        Literal["any", "skip", "move"],
        Field(
            title="On days off",
            choices={
                "any": "start all the same",
                "skip": "do not start",
                "move": "start on the next working day, at the same time",
            },
        ),
    ] = "any",
    calendar: Annotated[
        str,
        Field(
            kind="calendar",
            title="Calendar",
            help="Says which days are off. Empty: the default calendar of the workspace.",
            show_if={"days": ["skip", "move"]},
        ),
    ] = "",
) -> Fired:
    """At set times. Starts every few minutes, daily, on weekdays, weekly, monthly or by a cron line."""
    raise NotImplementedError("a trigger's body is never called")


@fired.next_fire
def _(after: datetime, schedule: Schedule, missed: str) -> datetime | None:
    return next_moment(schedule, after)
