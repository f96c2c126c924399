"""What may happen in the scenarios room, one file per verb."""

from potok.scenarios.repository import Choice, Place, VersionHead
from potok.scenarios.service.drafts import Conflict, create_scenario, restore_version, save_draft
from potok.scenarios.service.hooks import hooks_of
from potok.scenarios.service.publish import publish_scenario
from potok.scenarios.service.read import (
    all_ids,
    choices,
    draft_changed,
    enabled_of,
    find_scenario,
    get_scenario,
    graphs_of,
    heads_by_id,
    list_scenarios,
    problems_of,
    published_ids,
    scenarios_of_workspaces,
    titles_of,
    version_head,
    versions_of,
    workspaces_of,
)
from potok.scenarios.service.schedules import replan_schedules, scenarios_naming
from potok.scenarios.service.start import Ingest, start_now
from potok.scenarios.service.switches import MEGABYTE, delete_scenario, set_budget, set_enabled
from potok.scenarios.service.text import export_text, import_text

__all__ = [
    "MEGABYTE",
    "Choice",
    "Conflict",
    "Ingest",
    "Place",
    "VersionHead",
    "all_ids",
    "choices",
    "create_scenario",
    "delete_scenario",
    "draft_changed",
    "enabled_of",
    "export_text",
    "find_scenario",
    "get_scenario",
    "graphs_of",
    "heads_by_id",
    "hooks_of",
    "import_text",
    "list_scenarios",
    "problems_of",
    "publish_scenario",
    "published_ids",
    "replan_schedules",
    "restore_version",
    "save_draft",
    "scenarios_naming",
    "scenarios_of_workspaces",
    "set_budget",
    "set_enabled",
    "start_now",
    "titles_of",
    "version_head",
    "versions_of",
    "workspaces_of",
]
