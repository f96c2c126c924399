"""What may be asked of the runs room, and what other rooms ask it to do."""

from potok.runs.repository import EventHead, RunHead
from potok.runs.repository_control import Filter
from potok.runs.service.blobs import find_blob, used_bytes
from potok.runs.service.calls import called_by, caller_of
from potok.runs.service.causes import MANY, Cause, LimitCause, causes_of
from potok.runs.service.control import cancel_run, cancel_some, controls_of, count_open, pause_run, resume_run
from potok.runs.service.effects import list_effects, settle_effect
from potok.runs.service.events import EventPage, EventQuestion, find_event, list_events
from potok.runs.service.history import (
    RunPage,
    counts_of,
    find_run,
    fold_counts,
    last_runs,
    list_runs,
    newest_runs,
    versions_of,
)
from potok.runs.service.items import Bodies, Item, entries_of, inside_of, list_items
from potok.runs.service.items import Counts as ItemCounts
from potok.runs.service.progress import progress_of
from potok.runs.service.replan import replan_schedule, replan_waits
from potok.runs.service.retention import (
    Limits,
    Preview,
    check_limits,
    history_sizes,
    limits_of,
    overflowing,
    preview,
    set_retention,
)
from potok.runs.service.signals import send_signal
from potok.runs.service.steps import Step, Undone, in_place, steps_of, undone_of
from potok.runs.service.timers import Schedule, cancel_runs, cancel_schedules, list_timers, plan_schedules
from potok.runs.tally import Counts

__all__ = [
    "MANY",
    "Bodies",
    "Cause",
    "Counts",
    "EventHead",
    "EventPage",
    "EventQuestion",
    "Filter",
    "Item",
    "ItemCounts",
    "LimitCause",
    "Limits",
    "Preview",
    "RunHead",
    "RunPage",
    "Schedule",
    "Step",
    "Undone",
    "called_by",
    "caller_of",
    "cancel_run",
    "cancel_runs",
    "cancel_schedules",
    "cancel_some",
    "causes_of",
    "check_limits",
    "controls_of",
    "count_open",
    "counts_of",
    "entries_of",
    "find_blob",
    "find_event",
    "find_run",
    "fold_counts",
    "history_sizes",
    "in_place",
    "inside_of",
    "last_runs",
    "limits_of",
    "list_effects",
    "list_events",
    "list_items",
    "list_runs",
    "list_timers",
    "newest_runs",
    "overflowing",
    "pause_run",
    "plan_schedules",
    "preview",
    "progress_of",
    "replan_schedule",
    "replan_waits",
    "resume_run",
    "send_signal",
    "set_retention",
    "settle_effect",
    "steps_of",
    "undone_of",
    "used_bytes",
    "versions_of",
]
