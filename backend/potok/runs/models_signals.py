"""Tables of signals: those that were sent, the steps that wait for one, and which run took which."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Index, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel


class Signal(SQLModel, table=True):
    """Something that runs may wait for, by name and key. `dedupe_key` is unique: a repeated send does nothing."""

    __tablename__ = "signal"
    __table_args__ = (
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index("signal_by_key", "workspace_id", "name", "key", "id"),
        Index("signal_by_time", "sent_at"),
    )

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    name: str
    key: str = Field(default="")
    data: Any = Field(sa_column=Column(JSON, nullable=False))
    dedupe_key: str | None = Field(default=None)
    run_id: UUID | None = Field(default=None)
    """The run that sent it; None: a person or a program did."""
    sent_at: datetime = Field(sa_type=DateTime(timezone=True))
    keep_until: datetime = Field(sa_type=DateTime(timezone=True))
    """Until then it is also given to runs that begin to wait for it."""


class SignalWait(SQLModel, table=True):
    """A step that waits for a signal; gone when it waits no longer. `came_at`: it has come, with `data`."""

    __tablename__ = "signal_wait"
    __table_args__ = (Index("signal_wait_by_key", "workspace_id", "name", "key"),)

    run_id: UUID = Field(primary_key=True)
    node_id: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    """Which item of the loops around the step, such as "3.0"; empty outside of loops."""
    workspace_id: UUID
    name: str
    key: str
    until: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    began_at: datetime = Field(sa_type=DateTime(timezone=True))
    came_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    data: Any = Field(default=None, sa_column=Column(JSON, nullable=True))


class SignalTaken(SQLModel, table=True):
    """This run has taken this signal: one that is kept comes to each run once."""

    __tablename__ = "signal_taken"
    __table_args__ = ({"postgresql_with": {"autovacuum_vacuum_scale_factor": "0.05"}},)

    signal_id: UUID = Field(
        sa_column=Column(Uuid(), ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    )
    run_id: UUID = Field(primary_key=True)
