"""The table of places at limits: who is through, who waits, and when each turn is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, text
from sqlmodel import Field, SQLModel


class LimitPlace(SQLModel, table=True):
    """A run (or a step of it, by its effect key) at a limit. Belongs to the run: a worker may die, it stays.

    Changed only under the gate's lock (adapters/store_postgres/limits.py).
    """

    __tablename__ = "limit_place"
    __table_args__ = (
        Index("limit_place_line", "gate_id", "state", "place"),
        Index("limit_place_moment", "gate_id", "at", postgresql_where=text("state = 'turn'")),
        Index("limit_place_over", "over_at", postgresql_where=text("state = 'turn'")),
        Index("limit_place_by_run", "run_id"),
        {"postgresql_with": {"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.02"}},
    )

    gate_id: UUID = Field(primary_key=True)
    holder: str = Field(primary_key=True)
    place: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    """The order in which they came."""
    run_id: UUID
    name: str
    """scenario:<id> or step:<shared name>"""
    key: str = Field(default="")
    state: str
    """waiting and held (so many at once); turn (so many in a time)"""
    at_most: int
    per_seconds: float = Field(default=0.0)
    at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    """The moment of a turn."""
    over_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    """Until when it counts for the moments of others."""
