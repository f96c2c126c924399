"""The audit log: entries are appended and chained; changing, removing or slipping in one breaks the chain.

A chain shows tampering inside it. That its end was cut off is seen only by whoever wrote the last hash down
elsewhere, which is what `potok audit verify` prints it for.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.people import repository
from potok.people.caller import Caller
from potok.people.models import Workspace
from potok.people.models_audit import AuditEntry

BEGIN = "0" * 64
"""What the first entry is chained to."""
_BATCH = 1_000
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('potok.audit:' || CAST(:workspace AS text), 0))")


class Actor(NamedTuple):
    """Who did it: kind user, key, command or nobody."""

    kind: str
    id: UUID | None = None
    name: str = ""
    address: str = ""


class Chain(NamedTuple):
    """What a check of one workspace's log found. `broken_at`: the first entry that does not fit; None: all fit."""

    workspace_id: UUID
    workspace: str
    entries: int
    head: str
    broken_at: int | None


async def record(
    db: AsyncSession,
    caller: Caller,
    action: str,
    *,
    subject_id: UUID | None = None,
    subject: str = "",
    **details: Any,
) -> None:
    """Write what a caller did, in the transaction that does it. Call it last: others wait till the end."""
    await append(db, caller.workspace_id, await _actor(db, caller), action, subject_id, subject, details)


async def append(
    db: AsyncSession,
    workspace_id: UUID,
    actor: Actor,
    action: str,
    subject_id: UUID | None = None,
    subject: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Write one entry at the end of the workspace's chain."""
    await db.flush()
    await db.execute(_LOCK, {"workspace": str(workspace_id)})
    last = (
        await db.execute(
            select(col(AuditEntry.number), col(AuditEntry.hash))
            .where(col(AuditEntry.workspace_id) == workspace_id)
            .order_by(col(AuditEntry.number).desc())
            .limit(1)
        )
    ).first()
    number, previous = (last[0] + 1, last[1]) if last else (1, BEGIN)
    entry = AuditEntry(
        workspace_id=workspace_id,
        number=number,
        at=datetime.now(UTC),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=_plain(actor.name),
        address=_plain(actor.address),
        action=action,
        subject_id=subject_id,
        subject=_plain(subject),
        details=details or {},
        previous=previous,
        hash="",
    )
    entry.hash = seal(entry)
    await repository.add(db, entry)


def seal(entry: AuditEntry) -> str:
    """SHA-256 over everything the entry says, and over the entry before it."""
    said = [
        entry.previous,
        str(entry.workspace_id),
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_kind,
        str(entry.actor_id or ""),
        entry.actor_name,
        entry.address,
        entry.action,
        str(entry.subject_id or ""),
        entry.subject,
        entry.details,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


async def verify(db: AsyncSession) -> list[Chain]:
    """Check the log of every workspace, in batches."""
    ids = (await db.execute(select(col(AuditEntry.workspace_id)).distinct())).scalars().all()
    names = dict((await db.execute(select(col(Workspace.id), col(Workspace.name)))).all())
    return [await _verify(db, found, names.get(found, "")) for found in sorted(ids)]


async def holds(db: AsyncSession, noted: str) -> bool:
    """Whether the log still has the entry that an earlier check noted as NUMBER:HASH."""
    number, _, found = noted.strip().partition(":")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return False
    query = select(col(AuditEntry.number)).where(
        col(AuditEntry.number) == int(number), col(AuditEntry.hash) == found
    )
    return (await db.execute(query)).first() is not None


async def _verify(db: AsyncSession, workspace_id: UUID, name: str) -> Chain:
    number, head = 0, BEGIN
    while True:
        query = (
            select(AuditEntry)
            .where(col(AuditEntry.workspace_id) == workspace_id, col(AuditEntry.number) > number)
            .order_by(col(AuditEntry.number))
            .limit(_BATCH)
        )
        entries = (await db.execute(query)).scalars().all()
        for entry in entries:
            fits = entry.number == number + 1 and entry.previous == head and entry.hash == seal(entry)
            if not fits:
                return Chain(workspace_id, name, number, head, entry.number)
            number, head = entry.number, entry.hash
        if len(entries) < _BATCH:
            return Chain(workspace_id, name, number, head, None)


async def _actor(db: AsyncSession, caller: Caller) -> Actor:
    if caller.user_id is not None:
        found = await repository.users_by_id(db, [caller.user_id])
        return Actor("user", caller.user_id, found[0].email if found else "", caller.address)
    if caller.api_key_id is not None:
        return Actor("key", caller.api_key_id, caller.api_key_name or "", caller.address)
    return Actor("command", None, "", caller.address)


def _plain(said: str) -> str:
    """What a column of text can hold, and no more than a line of it."""
    return said.replace("\0", "")[:500]
