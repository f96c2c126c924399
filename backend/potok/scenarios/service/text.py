"""Scenarios as readable text, out and in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.graph.problems import Types
from potok.graph.text import DocumentError, TextError, dumps, loads
from potok.people.service import Caller, record
from potok.problems import Refused, Severity, refuse
from potok.scenarios import repository
from potok.scenarios.documents import load_graph, stored
from potok.scenarios.models import Scenario
from potok.scenarios.service.drafts import create_scenario
from potok.scenarios.service.read import get_scenario
from potok.words import DEFAULT, Words


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that is no scenario, as a problem: its words name line and column."""

    error: TextError
    severity: Severity = "error"
    node_id: str | None = None
    path: tuple[str, ...] = ("text",)

    @property
    def code(self) -> str:
        """The reader's code."""
        return self.error.code

    def words(self, locale: str = DEFAULT, labels: Any = None) -> Words:
        """What is wrong, where, and how to mend it."""
        if isinstance(self.error, DocumentError):
            return self.error.words(locale, labels)
        return self.error.words(locale)


async def import_text(db: AsyncSession, caller: Caller, types: Types, text: str) -> Scenario:
    """A new scenario from its text. Raises Refused with every place that cannot be read."""
    try:
        graph = loads(text)
    except DocumentError as error:
        raise Refused(Unreadable(error), *error.problems[1:]) from None
    except TextError as error:
        raise Refused(Unreadable(error)) from None
    made = await create_scenario(db, caller, types, graph=stored(graph))
    await record(db, caller, "scenario_imported", subject_id=made.id, subject=made.title)
    return made


async def export_text(db: AsyncSession, caller: Caller, scenario_id: UUID, version: int | None = None) -> str:
    """The draft, or a version, as text: importing it gives the same graph, exporting that the same bytes."""
    scenario = await get_scenario(db, caller, scenario_id)
    if version is None:
        return dumps(load_graph(scenario.draft))
    found = await repository.version_by_number(db, caller.workspace_id, scenario_id, version)
    if found is None:
        raise refuse("version_not_found", "version", number=version)
    return dumps(load_graph(found.graph))
