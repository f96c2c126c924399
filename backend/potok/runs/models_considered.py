"""Tables that find events by what did not happen: scenarios they did not start, deliveries that came again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlmodel import Field, SQLModel


class EventStopped(SQLModel, table=True):
    """A scenario that an event was meant for and did not start. Why stands in `Event.considered`.

    Written only where something was stopped, so events that start their runs, nearly all, cost nothing more.
    """

    __tablename__ = "event_stopped"
    __table_args__ = (Index("event_stopped_by_workspace", "workspace_id", "event_id"),)

    scenario_id: UUID = Field(primary_key=True)
    event_id: UUID = Field(primary_key=True)
    workspace_id: UUID


class EventRepeat(SQLModel, table=True):
    """An event that was delivered again: counted at the first delivery; repeats start nothing and are not kept."""

    __tablename__ = "event_repeat"
    __table_args__ = (
        Index("event_repeat_by_workspace", "workspace_id", "event_id"),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    event_id: UUID = Field(primary_key=True)
    workspace_id: UUID
    times: int
    last_at: datetime = Field(sa_type=DateTime(timezone=True))
