"""Tables of the memory room: variables, things seen before, and the answers that steps were given."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, DateTime, Index, Numeric
from sqlmodel import Field, SQLModel


class Variable(SQLModel, table=True):
    """A named value. `scope` is empty for the whole workspace, else the id of the scenario it belongs to.

    A number stands in `number`, exact to its last digit; everything else in `value`.
    """

    __tablename__ = "variable"

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id", ondelete="CASCADE")
    scope: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    kind: str
    """text, number, boolean, json"""
    value: Any = Field(default=None, sa_column=Column(JSON, nullable=True))
    number: Decimal | None = Field(default=None, sa_column=Column(Numeric, nullable=True))
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))
    updated_by_run: UUID | None = Field(default=None)
    updated_by: UUID | None = Field(default=None)
    """The person who set it by hand."""


class Seen(SQLModel, table=True):
    """Something a scenario met: first by which run, and how often since. Forgotten after `keep_until`."""

    __tablename__ = "seen"
    __table_args__ = (Index("seen_by_end", "keep_until"),)

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id", ondelete="CASCADE")
    scope: str = Field(primary_key=True)
    """scenario:<id> or shared:<name>"""
    key: str = Field(primary_key=True)
    first_run_id: UUID
    first_at: datetime = Field(sa_type=DateTime(timezone=True))
    times: int
    keep_until: datetime = Field(sa_type=DateTime(timezone=True))


class Answer(SQLModel, table=True):
    """What a step was told when it asked, by effect key: asked again after a crash, it is told the same."""

    __tablename__ = "memory_answer"
    __table_args__ = (Index("memory_answer_by_time", "told_at"),)

    key: str = Field(primary_key=True)
    run_id: UUID
    answer: Any = Field(default=None, sa_column=Column(JSON, nullable=True))
    told_at: datetime = Field(sa_type=DateTime(timezone=True))
