"""Tables of the records room: object types, fields, pipelines, records and what became of them.

`record` is partitioned by type: each type's rows lie together, with indexes of their own. A partition is made with
its type; see docs/decisions/0018-records-are-json-by-type.md.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Column, DateTime, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlmodel import Field, SQLModel


class ObjectType(SQLModel, table=True):
    """A kind of thing the office keeps records of. `names`: {locale: {one, many}}."""

    __tablename__ = "object_type"
    __table_args__ = (
        Index(
            "object_type_key",
            "workspace_id",
            "key",
            unique=True,
            postgresql_where=text("archived_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    key: str
    names: Any = Field(sa_column=Column(JSON, nullable=False))
    icon: str = Field(default="")
    color: str = Field(default="")
    title_field: str = Field(default="")
    """Key of the field whose text names a record."""
    pack: str = Field(default="")
    """The pack it was installed with; empty when a person made it."""
    position: int = Field(default=0)
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    changed_at: datetime = Field(sa_type=DateTime(timezone=True))
    """Also when one of its fields changes: what is compiled from it is stale then."""
    archived_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class ObjectField(SQLModel, table=True):
    """A field of a type. `key` is what formulas, pills and stored data say; it never changes."""

    __tablename__ = "object_field"
    __table_args__ = (UniqueConstraint("type_id", "key"),)

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    type_id: UUID = Field(foreign_key="object_type.id", ondelete="CASCADE")
    key: str
    kind: str
    names: Any = Field(sa_column=Column(JSON, nullable=False))
    help: Any = Field(sa_column=Column(JSON, nullable=False))
    required: bool = Field(default=False)
    is_unique: bool = Field(default=False)
    default: Any = Field(default=None, sa_column=Column(JSON, nullable=True))
    settings: Any = Field(sa_column=Column(JSON, nullable=False))
    rights: Any = Field(sa_column=Column(JSON, nullable=False))
    """{role: "none" | "read" | "write"}; a role that is not named may what its permissions say."""
    position: int = Field(default=0)
    archived_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Pipeline(SQLModel, table=True):
    """An ordered way of stages for records of one type. `sum_mode`: by hand, of line items, or by formula."""

    __tablename__ = "pipeline"
    __table_args__ = (Index("pipeline_by_type", "type_id", "position"),)

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    type_id: UUID = Field(foreign_key="object_type.id", ondelete="CASCADE")
    names: Any = Field(sa_column=Column(JSON, nullable=False))
    sum_mode: str = Field(default="hand")
    sum_field: str = Field(default="")
    """Key of the money field it fills."""
    sum_formula: str = Field(default="")
    position: int = Field(default=0)
    archived_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Stage(SQLModel, table=True):
    """A stage. `outcome`: open, won or lost; `required`: keys of fields that must be filled to enter."""

    __tablename__ = "stage"
    __table_args__ = (Index("stage_by_pipeline", "pipeline_id", "position"),)

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    pipeline_id: UUID = Field(foreign_key="pipeline.id", ondelete="CASCADE")
    names: Any = Field(sa_column=Column(JSON, nullable=False))
    color: str = Field(default="")
    outcome: str = Field(default="open")
    probability: int = Field(default=0)
    """Percent, for the forecast."""
    required: Any = Field(sa_column=Column(JSON, nullable=False))
    reasons: Any = Field(sa_column=Column(JSON, nullable=False))
    """Why a record may end here (close reasons), as options."""
    position: int = Field(default=0)
    archived_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Record(SQLModel, table=True):
    """One record. `data`: {field key: value}, numbers exact; `errors`: {key: why its formula has no value}."""

    __tablename__ = "record"
    __table_args__ = (
        Index("record_by_time", "type_id", "id"),
        Index(
            "record_by_stage",
            text("(data ->> 'stage')"),
            "id",
            postgresql_where=text("data ->> 'stage' IS NOT NULL"),
        ),
        Index("record_search", "search", postgresql_using="gin"),
        {"postgresql_partition_by": "LIST (type_id)"},
    )

    id: UUID = Field(primary_key=True)
    type_id: UUID = Field(primary_key=True)
    workspace_id: UUID
    title: str = Field(default="")
    data: Any = Field(sa_column=Column(JSONB, nullable=False))
    errors: Any = Field(default=None, sa_column=Column(JSONB, nullable=True))
    search: Any = Field(default=None, sa_column=Column(TSVECTOR, nullable=True))
    version: int = Field(default=1)
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    created_by: Any = Field(sa_column=Column(JSONB, nullable=False))
    """Who: {user} or {run, scenario} or {import}."""
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))
    deleted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class RecordLink(SQLModel, table=True):
    """A relation as a row, so that it can be followed backwards."""

    __tablename__ = "record_link"
    __table_args__ = (Index("record_link_back", "to_id", "field_id", "from_id"),)

    from_id: UUID = Field(primary_key=True)
    field_id: UUID = Field(primary_key=True)
    to_id: UUID = Field(primary_key=True)
    workspace_id: UUID
    from_type: UUID
    to_type: str
    """Key of the type it points to."""
    place: int = Field(default=0)


class RecordUnique(SQLModel, table=True):
    """Values of unique fields. One row a value: concurrent writers meet here and nowhere else."""

    __tablename__ = "record_unique"
    __table_args__ = (Index("record_unique_by_record", "record_id"),)

    field_id: UUID = Field(primary_key=True)
    value: str = Field(primary_key=True)
    record_id: UUID


class RecordCounter(SQLModel, table=True):
    """The next running number of an autonumber field."""

    __tablename__ = "record_counter"

    field_id: UUID = Field(primary_key=True)
    next: int = Field(sa_column=Column(BigInteger, nullable=False))


class RecordChange(SQLModel, table=True):
    """The timeline: what happened to a record, by whom. `changes`: {key: [before, after]}. Append-only."""

    __tablename__ = "record_change"
    __table_args__ = (
        Index("record_change_by_record", "record_id", "id"),
        Index("record_change_open", "id", postgresql_where=text("NOT announced")),
        Index("record_change_open_by_record", "record_id", "id", postgresql_where=text("NOT announced")),
    )

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    type_id: UUID
    record_id: UUID
    what: str
    """created, changed, deleted, restored"""
    changes: Any = Field(sa_column=Column(JSONB, nullable=False))
    actor: Any = Field(sa_column=Column(JSONB, nullable=False))
    at: datetime = Field(sa_type=DateTime(timezone=True))
    announced: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=text("false")))
    """Whether its event has been dispatched to the scenarios."""
