"""Stamps a date into a record: now, plus an interval, on a working day if wished."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from potok.sdk import Ctx, Field, Text, UserError, WorkingTime, action

from .common import SAMPLE, RecordType, Which, id_of, output, record

Unit = Literal["minutes", "hours", "days", "weeks", "months", "years", "working_days"]
_LAST_YEAR = 9_000


@action(
    "record.stamp_date",
    effect="record",
    icon="calendar-plus",
    group="data",
    output=output(record=record("Record"), date={"type": "string", "title": "Date"}),
    sample={"record": SAMPLE, "date": "2026-11-24T12:00:00+03:00"},
)
async def stamp_date(
    ctx: Ctx,
    type: RecordType,
    id: Which,
    field: Annotated[Text, Field(kind="record_field", title="Field", min_length=1)],
    amount: Annotated[int, Field(title="Plus", ge=-100_000, le=100_000)] = 0,
    unit: Annotated[
        Unit,
        Field(
            title="Unit",
            choices={
                "minutes": "minutes",
                "hours": "hours",
                "days": "days",
                "weeks": "weeks",
                "months": "months",
                "years": "years",
                "working_days": "working days",
            },
        ),
    ] = "days",
    day: Annotated[
        Literal["any", "working"],
        Field(title="If that is a day off", choices={"any": "keep it", "working": "take the next working day"}),
    ] = "any",
    calendar: Annotated[
        str,
        Field(kind="calendar", title="Calendar", help="Empty: the default calendar of the workspace."),
    ] = "",
) -> dict[str, Any]:
    """Stamp a date. The present moment, or one that much later."""
    hours = ctx.calendar(calendar or None)
    try:
        moment = _later(ctx.now().astimezone(hours.zone), amount, unit, hours)
        if day == "working" and not hours.is_working_day(moment.date()):
            moment = _on(moment, hours.next_working_day(moment.date()))
    except (ValueError, OverflowError) as error:
        said = "There is no such day."
        raise UserError("amount", said, "Add less, or look at the calendar.", code="no_such_day") from error
    stamped = moment.isoformat(timespec="seconds")
    kept = await ctx.records.update(type, id_of(id, "id"), {field: stamped})
    return {"record": kept, "date": stamped}


def _later(moment: datetime, amount: int, unit: Unit, hours: WorkingTime) -> datetime:
    if unit == "working_days":
        return _on(moment, hours.add_working_days(moment.date(), amount))
    if unit in ("months", "years"):
        return _on(moment, _months(moment.date(), amount * (12 if unit == "years" else 1)))
    if unit in ("days", "weeks"):
        return _on(moment, moment.date() + timedelta(days=amount * (7 if unit == "weeks" else 1)))
    return (moment.astimezone(UTC) + timedelta(**{unit: amount})).astimezone(moment.tzinfo)


def _on(moment: datetime, day: date) -> datetime:
    """The same time of day on another date."""
    return datetime.combine(day, moment.time(), moment.tzinfo)


def _months(day: date, count: int) -> date:
    """The same day of another month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not 1 <= year <= _LAST_YEAR:
        raise ValueError("beyond the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
