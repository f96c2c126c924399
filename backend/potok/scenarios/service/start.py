"""Starting a published scenario by hand."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.engine.ports import Accepted, NewEvent, NewRun
from potok.graph.explain import StartCondition, Stopped
from potok.graph.model import Node
from potok.graph.problems import Types
from potok.graph.rule_words import stop_words
from potok.people.service import Caller
from potok.problems import Refused, Severity, refuse
from potok.scenarios import repository
from potok.scenarios.considered import started, stopped
from potok.scenarios.documents import load_graph, starts
from potok.scenarios.models import Scenario, ScenarioVersion
from potok.scenarios.service.read import get_scenario
from potok.sdk.node import NodeType
from potok.sdk.outcome import UserError
from potok.words import DEFAULT, Words, ended, say


class Ingest(Protocol):
    """Where events go; they are on disk when it answers."""

    async def submit(self, event: NewEvent, /) -> Accepted:
        """Write the event and its runs, and offer the runs to a worker."""
        ...


async def start_now(
    db: AsyncSession, caller: Caller, types: Types, ingest: Ingest, scenario_id: UUID, *, given: Any = None
) -> UUID:
    """Start the published version at its (first) manual trigger; the run's id. Raises Refused."""
    scenario = await get_scenario(db, caller, scenario_id)
    version = await _startable(db, scenario)
    manual = next(starts(load_graph(version.graph), types, "manual"), None)
    if manual is None:
        raise refuse("no_manual_start")
    payload = _checked({} if given is None else given, *manual)
    run = NewRun(uuid7(), scenario.workspace_id, scenario.id, version.id, manual[0].id)
    condition = manual[0].settings.start_if
    stop = StartCondition(run.entry_node, condition).stops(payload, _now) if condition is not None else None
    place = (scenario.id, run.entry_node)
    considered = [started(*place, run.id) if stop is None else stopped(*place, stop.stored())]
    accepted = await ingest.submit(
        NewEvent(
            id=uuid7(),
            workspace_id=scenario.workspace_id,
            kind="manual",
            source=str(caller.user_id or caller.api_key_name or ""),
            dedupe_key=None,
            payload=json.dumps(payload).encode(),
            considered=json.dumps(considered).encode(),
            runs=[run] if stop is None else [],
            stopped=[] if stop is None else [scenario.id],
        )
    )
    if stop is not None:
        raise Refused(StartProblem(stop, run.entry_node))
    return accepted.run_ids[0]


def _now() -> datetime:
    return datetime.now(UTC)


async def _startable(db: AsyncSession, scenario: Scenario) -> ScenarioVersion:
    if scenario.published_version_id is None:
        raise refuse("not_published")
    if not scenario.enabled:
        raise refuse("switched_off")
    version = await repository.version(db, scenario.workspace_id, scenario.published_version_id)
    assert version is not None
    return version


def _checked(given: Any, trigger: Node, node_type: NodeType) -> Any:
    """The input as the trigger takes it. Raises Refused with the trigger's own words."""
    if not isinstance(given, dict):
        raise refuse("input_not_object", "input")
    if node_type.accept is None:
        return given
    try:
        return node_type.accept(node_type.input.model_validate(trigger.params), given)
    except UserError as error:
        raise Refused(InputProblem(error, node_type.id)) from None


@dataclass(frozen=True, slots=True)
class StartProblem:
    """The trigger's start condition does not hold, as a problem; the event is kept."""

    stop: Stopped
    node_id: str
    code: str = "start_condition"
    severity: Severity = "error"
    path: tuple[str, ...] = ("input",)

    def words(self, locale: str = DEFAULT, labels: Any = None) -> Words:
        """With the rules that did not hold."""
        return say("considered.nothing_started", locale, why=stop_words(self.stop.stored(), locale).message)


@dataclass(frozen=True, slots=True)
class InputProblem:
    """What a trigger says about its input, as a problem."""

    error: UserError
    node_type: str
    severity: Severity = "error"
    node_id: str | None = None

    @property
    def code(self) -> str:
        """The plugin's code."""
        return self.error.code or "input_refused"

    @property
    def path(self) -> tuple[str, ...]:
        """The answer that was refused."""
        return ("input", self.error.field)

    def words(self, locale: str = DEFAULT, labels: Any = None) -> Words:
        """In the reader's language where the plugin has it."""
        error = self.error
        own = labels.error_words(self.node_type, error.code, error.params, locale) if labels is not None else None
        return own if own is not None else ended(error.message, error.fix)
