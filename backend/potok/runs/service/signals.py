"""Signals that people and programs send to runs that wait for them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from potok.announce import announce
from potok.people.service import Caller
from potok.problems import refuse
from potok.runs import repository_signals
from potok.runs.events import RunsReady
from potok.runs.service.control import patiently
from potok.runs.signal_statements import DAYS_KEPT

MAX_NAME = 200
MAX_KEY = 500
MAX_DATA = 256 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """How many runs got it. `duplicate`: it was sent before, so nothing was done."""

    woken: int
    duplicate: bool = False


async def send_signal(
    db: AsyncSession,
    caller: Caller,
    *,
    name: str,
    key: str = "",
    data: Any = None,
    keep: timedelta = timedelta(),
    once: str = "",
) -> Sent:
    """Wake every run of the workspace that waits for it, and for `keep` those that begin to. Raises Refused."""
    if not name.strip() or len(name) > MAX_NAME or "\0" in name:
        raise refuse("signal_name", "name", limit=MAX_NAME)
    for value, field in ((key, "key"), (once, "once")):
        if len(value) > MAX_KEY or "\0" in value:
            raise refuse("signal_key", field, limit=MAX_KEY)
    if not timedelta() <= keep <= timedelta(days=DAYS_KEPT):
        raise refuse("signal_keep", "keepSeconds", days=DAYS_KEPT)
    text = json.dumps(data)
    if len(text) > MAX_DATA:
        raise refuse("signal_data", "data", limit=MAX_DATA // 1024)
    dedupe_key = f"id:{once}" if once else None
    found = await patiently(
        db, lambda: repository_signals.send(db, caller.workspace_id, name, key, text, dedupe_key, keep)
    )
    if found is None:
        return Sent(0, duplicate=True)
    woken, ready = found
    if ready:
        announce(db, RunsReady(tuple(ready)))
    return Sent(len(woken))
