"""The table of how long a workspace keeps its history."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime
from sqlmodel import Field, SQLModel


class Retention(SQLModel, table=True):
    """What a workspace keeps. Nothing given: no limit of this kind. No row: `DEFAULT` of the retention service."""

    __tablename__ = "retention"

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id", ondelete="CASCADE")
    days: int | None = Field(default=None)
    max_runs: int | None = Field(default=None, sa_type=BigInteger)
    max_bytes: int | None = Field(default=None, sa_type=BigInteger)
    changed_at: datetime = Field(sa_type=DateTime(timezone=True))
