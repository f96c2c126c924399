"""What may be asked of the runs room, and what other rooms ask it to do."""

from potok.runs.repository import Counts, EventHead, RunHead
from potok.runs.service.history import RunPage, counts_of, find_run, last_runs, list_runs
from potok.runs.service.progress import progress_of
from potok.runs.service.steps import Step, steps_of
from potok.runs.service.timers import Schedule, cancel_runs, cancel_schedules, plan_schedules

__all__ = [
    "Counts",
    "EventHead",
    "RunHead",
    "RunPage",
    "Schedule",
    "Step",
    "cancel_runs",
    "cancel_schedules",
    "counts_of",
    "find_run",
    "last_runs",
    "list_runs",
    "plan_schedules",
    "progress_of",
    "steps_of",
]
