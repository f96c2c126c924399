"""Imports every room's tables, so that one MetaData knows them all (migrations, drift test)."""

from sqlmodel import SQLModel

from potok.messages import models as messages
from potok.people import models as people
from potok.people import models_audit as audit
from potok.runs import models as runs
from potok.runs import models_considered as considered
from potok.runs import models_tally as tally
from potok.scenarios import models as scenarios

metadata = SQLModel.metadata

__all__ = ["audit", "considered", "messages", "metadata", "people", "runs", "scenarios", "tally"]
