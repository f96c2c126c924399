"""Tables of imports. The rows of a file lie here in parts, so any process goes on where another one stopped."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, LargeBinary, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel


class RecordImport(SQLModel, table=True):
    """A file somebody brought. `state`: ready, checking, checked, running, done, undoing, undone or failed."""

    __tablename__ = "record_import"
    __table_args__ = (Index("record_import_by_type", "workspace_id", "type_id", "id"),)

    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    type_id: UUID = Field(foreign_key="object_type.id", ondelete="CASCADE")
    state: str
    file: str
    """Its name."""
    source: Any = Field(sa_column=Column(JSON, nullable=False))
    """{kind, encoding, delimiter}"""
    columns: Any = Field(sa_column=Column(JSON, nullable=False))
    """[{name, samples}]"""
    plan: Any = Field(sa_column=Column(JSON, nullable=False))
    """{columns: {place: field key}, match: [field keys], mode: skip | update | add}"""
    rows: int
    parts: int
    position: int = Field(default=0)
    """Parts that are through, of what the state says."""
    report: Any = Field(sa_column=Column(JSON, nullable=False))
    """{created, updated, same, skipped, failed, kept: counts, problems: [{row, column, field, code, params}]}"""
    actor: Any = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    changed_at: datetime = Field(sa_type=DateTime(timezone=True))


class RecordImportPart(SQLModel, table=True):
    """Up to a thousand rows of it. `rows`: JSON, packed; emptied when they have been taken over."""

    __tablename__ = "record_import_part"

    import_id: UUID = Field(primary_key=True, foreign_key="record_import.id", ondelete="CASCADE")
    n: int = Field(primary_key=True)
    rows: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    keys: Any = Field(default=None, sa_column=Column(ARRAY(BigInteger), nullable=True))
    """Of the check: hashes of what must not come twice in the file."""
    changes: Any = Field(default=None, sa_column=Column(ARRAY(Uuid), nullable=True))
    """What the import did to records (ids of the timeline), so that it can be taken back."""
