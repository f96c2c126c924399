"""Imports every room's tables, so that one MetaData knows them all (migrations, drift test)."""

import re

from sqlalchemy import Column, DateTime, String, Table
from sqlmodel import SQLModel

from potok.calendars import models as calendars
from potok.memory import models as memory
from potok.messages import models as messages
from potok.people import models as people
from potok.people import models_audit as audit
from potok.records import models as records
from potok.records import models_imports as imports
from potok.runs import models as runs
from potok.runs import models_blobs as blobs
from potok.runs import models_considered as considered
from potok.runs import models_limits as limits
from potok.runs import models_retention as retention
from potok.runs import models_signals as signals
from potok.runs import models_tally as tally
from potok.scenarios import models as scenarios

metadata = SQLModel.metadata
Table(  # no room's: written by alembic/env.py, read by potok.standing
    "migration_half",
    metadata,
    Column("revision", String, primary_key=True),
    Column("half", String, nullable=False),
    Column("applied_at", DateTime(timezone=True), nullable=False),
)
_PARTITION = re.compile(
    r"(event|run|journal_segment|effect)_(past|old|future|w\d{8})|blob_\d{8}|record_[0-9a-f]{32}"
)


def declared(name: str | None, kind: str, parents: object) -> bool:
    """For alembic's comparison: all names but those of partitions, which come and go by themselves."""
    return kind != "table" or _PARTITION.fullmatch(name or "") is None


__all__ = [
    "audit",
    "blobs",
    "calendars",
    "considered",
    "declared",
    "imports",
    "limits",
    "memory",
    "messages",
    "metadata",
    "people",
    "records",
    "retention",
    "runs",
    "scenarios",
    "signals",
    "tally",
]
