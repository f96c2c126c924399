"""Tables of the runs room: events, runs, the hot work queue, the journal, effects and timers.

`run` is history and is written twice (start, finish). `run_work` is the small hot table that claims touch;
a row lives there only while its run has something to do now, so vacuum stays cheap.

Events, runs, journals and effects are partitioned into weeks by the time in their UUIDv7
(docs/decisions/0017-partitions.md); their primary keys contain that id for this reason.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, Text, text
from sqlmodel import Field, SQLModel


class RunStatus(StrEnum):
    """Where a run is. `succeeded`, `failed` and `cancelled` are final; the others are open."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    """Somebody holds it back; it goes on where it is when it is resumed."""
    UNKNOWN = "unknown"
    """A crash hid what an action outside came to; a person is asked."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Event(SQLModel, table=True):
    """Something that happened. `payload` is what the trigger node outputs; `json` keeps it exact.

    `considered`: list of {scenario_id, node_id, run_id?, stopped_by?, rules?} for every scenario looked at; see
    `runs/service/considered.py`.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("event_by_time", "workspace_id", "id"),
        {"postgresql_partition_by": "RANGE (id)"},
    )

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    kind: str
    source: str = Field(default="")
    dedupe_key: str | None = Field(default=None)
    payload: Any = Field(sa_column=Column(JSON, nullable=False))
    considered: Any = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class EventKey(SQLModel, table=True):
    """Which event had a dedupe key first; written with the event and forgotten after a while.

    A table of its own, as a unique index over partitions would have to contain the event's id.
    """

    __tablename__ = "event_key"
    __table_args__ = (Index("event_key_by_time", "created_at", postgresql_using="brin"),)

    workspace_id: UUID = Field(primary_key=True)
    dedupe_key: str = Field(primary_key=True)
    event_id: UUID
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class Run(SQLModel, table=True):
    """One execution of one version for one event. Ids are UUIDv7, so ordering by id is ordering by time."""

    __tablename__ = "run"
    __table_args__ = (
        Index("run_by_workspace", "workspace_id", "id"),
        Index("run_by_scenario", "scenario_id", "id"),
        Index("run_by_status", "scenario_id", "status", "id"),
        Index("run_by_event", "event_id"),
        Index("run_by_caller", "called_by", postgresql_where=text("called_by IS NOT NULL")),
        {"postgresql_partition_by": "RANGE (id)"},
    )

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    scenario_id: UUID
    version_id: UUID
    event_id: UUID
    entry_node: str
    status: str = Field(default=RunStatus.QUEUED)
    end_name: str | None = Field(default=None)
    result: Any = Field(default=None, sa_column=Column(JSON, nullable=True))
    error: Any = Field(default=None, sa_column=Column(JSON, nullable=True))
    steps: int = Field(default=0)
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    started_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    finished_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    called_by: UUID | None = Field(default=None)
    """The run whose step started this one."""
    parent_waits: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Whether that run waits for the end of this one."""
    depth: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How many runs called one another until this one."""


class RunWork(SQLModel, table=True):
    """A run that can advance now. Claimed by lease; `claim` fences a worker that lost its lease.

    No foreign keys: this table is on the hot path and is emptied by the engine itself.
    """

    __tablename__ = "run_work"
    __table_args__ = (
        Index("run_work_ready", "ready_at"),
        {"postgresql_with": {"fillfactor": "50", "autovacuum_vacuum_scale_factor": "0.02"}},
    )

    run_id: UUID = Field(primary_key=True)
    ready_at: datetime = Field(sa_type=DateTime(timezone=True))
    lease_owner: str | None = Field(default=None)
    lease_until: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    claim: int = Field(default=0)
    attempts: int = Field(default=0)
    bytes: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    """Large values the run reads first, as far as known; claims are bounded by it."""


class JournalSegment(SQLModel, table=True):
    """What a run did between two checkpoints: a JSON list of step entries. Append-only."""

    __tablename__ = "journal_segment"
    __table_args__ = ({"postgresql_partition_by": "RANGE (run_id)"},)

    run_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    entries: Any = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class Effect(SQLModel, table=True):
    """The ledger of outward effects: intent committed before the call, receipt after it."""

    __tablename__ = "effect"
    __table_args__ = (
        Index("effect_by_workspace", "workspace_id", "intended_at", "key"),
        Index("effect_unknown", "workspace_id", postgresql_where=text("state = 'unknown'")),
        {"postgresql_partition_by": "RANGE (run_id)"},
    )

    run_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    """Begins with the run's id, so whoever knows the key knows the partition."""
    workspace_id: UUID
    node_id: str
    node_type: str
    preview: str = Field(default="", sa_column=Column(Text, nullable=False))
    state: str = Field(default="intended")
    """intended, done, failed, retrying, unknown, skipped"""
    attempts: int = Field(default=1)
    receipt: Any = Field(default=None, sa_column=Column(JSON, nullable=True))
    intended_at: datetime = Field(sa_type=DateTime(timezone=True))
    settled_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    answer: str | None = Field(default=None)
    """How it was settled outside of a checkpoint: late (its receipt came); sent, again, skip (a person said so)"""
    answered_by: UUID | None = Field(default=None)
    port: str | None = Field(default=None)
    """The way out a late receipt tells of."""


class RunControl(SQLModel, table=True):
    """Who paused, resumed, cancelled a run or answered for one of its effects. Append-only."""

    __tablename__ = "run_control"
    __table_args__ = (Index("run_control_by_run", "run_id", "id"),)

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    run_id: UUID
    action: str
    """paused, resumed, cancelled, or answered:<answer>"""
    user_id: UUID | None = Field(default=None)
    key_name: str | None = Field(default=None)
    at: datetime = Field(sa_type=DateTime(timezone=True))


class Timer(SQLModel, table=True):
    """A durable moment. `wait`, `retry` and `deadline` wake a run; `schedule` starts one, plans its successor."""

    __tablename__ = "timer"
    __table_args__ = (
        Index("timer_due", "fire_at", postgresql_where=text("state = 'planned'")),
        Index("timer_by_scenario", "scenario_id", "node_id"),
        Index("timer_by_run", "run_id"),
        Index("timer_by_workspace", "workspace_id", "state", "fire_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    kind: str
    scenario_id: UUID
    version_id: UUID | None = Field(default=None)
    run_id: UUID | None = Field(default=None)
    node_id: str
    fire_at: datetime = Field(sa_type=DateTime(timezone=True))
    misfire: str = Field(default="run_once")
    state: str = Field(default="planned")
    """planned, fired, missed, cancelled"""
    reason: str = Field(default="")
    fired_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    sequence: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    working: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    """A wait in working time: what it takes to reckon its moment again when the calendar changes."""
