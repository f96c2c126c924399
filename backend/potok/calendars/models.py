"""Table of the calendars room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, DateTime, Index, text
from sqlmodel import Field, SQLModel


class Calendar(SQLModel, table=True):
    """Working hours and days off. The one every workspace begins with is written down when it is first changed.

    `weekly`: seven lists, Monday first, of [from, to] in minutes of the day. `exceptions`: objects with
    date (ISO), name, hours (as a day of `weekly`; [] is a day off, null leaves the week as it is) and by (holidays
    or person).
    """

    __tablename__ = "calendar"
    __table_args__ = (
        Index("calendar_by_workspace", "workspace_id"),
        Index("calendar_default", "workspace_id", unique=True, postgresql_where=text("is_default")),
    )

    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    name: str
    time_zone: str = Field(default="")
    """Empty: the workspace's."""
    weekly: Any = Field(sa_column=Column(JSON, nullable=False))
    exceptions: Any = Field(sa_column=Column(JSON, nullable=False))
    country: str = Field(default="")
    """Whose holidays were filled in last (ISO 3166), with `subdivision`."""
    subdivision: str = Field(default="")
    is_default: bool = Field(default=False)
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
