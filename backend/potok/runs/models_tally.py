"""Tables of the kept counts of runs: a row per scenario, and what was not yet added to it."""

from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity
from sqlmodel import Field, SQLModel


class RunTally(SQLModel, table=True):
    """How many runs of a scenario stand where: kept, not counted. Runs dropped by retention stay counted.

    The truth is this row plus the scenario's `RunTallyDelta` rows.
    """

    __tablename__ = "run_tally"
    __table_args__ = ({"postgresql_with": {"fillfactor": "50"}},)

    scenario_id: UUID = Field(primary_key=True)
    open: int = Field(sa_type=BigInteger)
    succeeded: int = Field(sa_type=BigInteger)
    failed: int = Field(sa_type=BigInteger)
    cancelled: int = Field(sa_type=BigInteger)


class RunTallyDelta(SQLModel, table=True):
    """What one statement changed. Triggers on `run` add rows, so nobody on the path of runs waits for a counter.

    Folded into `RunTally` each second.
    """

    __tablename__ = "run_tally_delta"
    __table_args__ = (
        {"postgresql_with": {"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"}},
    )

    scenario_id: UUID = Field(primary_key=True)
    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    open: int
    succeeded: int
    failed: int
    cancelled: int
