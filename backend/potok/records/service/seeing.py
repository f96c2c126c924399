"""Events about records as a person may see them: without fields hidden from the person's role."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller
from potok.records.rights import RESTRICTED, seen_by
from potok.records.service.shapes import web_of


async def shown_event(db: AsyncSession, caller: Caller, payload: Any) -> Any:
    """The payload of such an event. Of a type that is gone a restricted role sees only which record it was."""
    record = payload.get("record") if isinstance(payload, Mapping) else None
    if caller.role not in RESTRICTED or not isinstance(record, Mapping):
        return payload
    shape = (await web_of(db, caller.workspace_id)).by_key(str(record.get("type")))
    if shape is None:
        return {"record": _only(record, ("id", "type"))}
    hidden = seen_by(shape, caller.role).hidden
    if not hidden:
        return payload
    gone = hidden | ({"title"} if shape.title_field in hidden else set())
    changed = [key for key in payload.get("changed") or () if key not in hidden]
    shown = {key: _without(payload.get(key), gone) for key in ("record", "old")}
    return {**payload, **shown, "changed": changed}


def _only(record: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: record.get(key) for key in keys}


def _without(record: Any, hidden: frozenset[str] | set[str]) -> Any:
    if not isinstance(record, Mapping):
        return record
    kept = {key: value for key, value in record.items() if key not in hidden}
    words = kept.get("shown")
    if isinstance(words, Mapping):
        kept["shown"] = {key: value for key, value in words.items() if key not in hidden}
    return kept
