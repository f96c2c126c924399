"""Tables of large values: each kept once per workspace and day, what is held for runs under way, and the sums."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel


class Blob(SQLModel, table=True):
    """A large value, compressed with zstd. Partitioned by day; a day goes when its events and runs are gone.

    Without `data` there was no room for it in the scenario's budget; `head` is its beginning.
    """

    __tablename__ = "blob"
    __table_args__ = ({"postgresql_partition_by": "RANGE (day)"},)

    day: UUID = Field(primary_key=True)
    """The lowest UUIDv7 of the day of the event or run that refers to it."""
    workspace_id: UUID = Field(primary_key=True)
    sha: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    """SHA-256 of its JSON."""
    scenario_id: UUID | None = Field(default=None)
    """Whose budget it counts against: the one that had it first."""
    size: int = Field(sa_column=Column(Integer, nullable=False))
    stored: int = Field(sa_column=Column(Integer, nullable=False))
    data: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    head: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class BlobHeld(SQLModel, table=True):
    """A large value beyond the budget that a run still needs. Goes when the run ends."""

    __tablename__ = "blob_held"
    __table_args__ = (
        Index("blob_held_by_sha", "workspace_id", "sha"),
        {
            "postgresql_with": {
                "autovacuum_vacuum_scale_factor": "0",
                "autovacuum_vacuum_threshold": "500",
                "toast.autovacuum_vacuum_scale_factor": "0",
                "toast.autovacuum_vacuum_threshold": "5000",
            }
        },
    )

    run_id: UUID = Field(primary_key=True)
    sha: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    workspace_id: UUID
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class BlobTally(SQLModel, table=True):
    """How many bytes of large values a scenario has on disk, by day: kept, not counted."""

    __tablename__ = "blob_tally"
    __table_args__ = (
        Index("blob_tally_by_day", "day"),
        {"postgresql_with": {"fillfactor": "50"}},
    )

    scenario_id: UUID = Field(primary_key=True)
    day: UUID = Field(primary_key=True)
    bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
