"""Table of the messages room: the Outbox, where every outgoing message is kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, DateTime, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class OutboxMessage(SQLModel, table=True):
    """One outgoing message. `state`: held (no connection yet, kept to read), sent, failed.

    `effect_key` is unique, so a step that is repeated after a crash cannot write a second message.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index("outbox_by_workspace", "workspace_id", "id"), UniqueConstraint("effect_key"))

    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    channel: str
    recipients: Any = Field(sa_column=Column(JSON, nullable=False))
    subject: str = Field(default="")
    body: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    state: str = Field(default="held")
    run_id: UUID | None = Field(default=None)
    scenario_id: UUID | None = Field(default=None)
    node_id: str = Field(default="")
    effect_key: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
