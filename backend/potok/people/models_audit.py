"""Table of the audit log: append-only (a trigger refuses the rest), each entry sealed over the one before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, DateTime, Text
from sqlmodel import Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """Who did what, when, from where. `hash` is SHA-256 over `previous` and everything else of the entry.

    `actor_kind`: user, key, command (the command line), nobody (a failed sign-in). No foreign keys: entries
    outlive what they tell of.
    """

    __tablename__ = "audit_entry"

    workspace_id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(sa_type=DateTime(timezone=True))
    actor_kind: str
    actor_id: UUID | None = Field(default=None)
    actor_name: str = Field(default="", sa_column=Column(Text, nullable=False))
    address: str = Field(default="", sa_column=Column(Text, nullable=False))
    action: str
    subject_id: UUID | None = Field(default=None)
    subject: str = Field(default="", sa_column=Column(Text, nullable=False))
    details: Any = Field(sa_column=Column(JSON, nullable=False))
    previous: str
    hash: str
