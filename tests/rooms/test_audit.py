"""The audit log: what people do is written with who, when and from where, and nobody can quietly change it."""

import asyncio
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from tests.rooms.graphs import by_hand
from tests.rooms.house import PASSWORD, SCOPES, Api, House, Place
from tests.rooms.test_scenarios import DELETE, publish

from potok.people import service
from potok.people.models import Role, SignInAttempt
from potok.people.models_audit import AuditEntry
from potok.people.service.audit import BEGIN

SIGN_IN = "mutation($e: String!, $p: String!) { signIn(email: $e, password: $p) { viewer { role } } }"
ADD = """mutation($e: String!) {
  addMember(input: {name: "Eve", email: $e, password: "correct horse", role: VIEWER}) {
  member { user { id } } problems { code } } }"""
ROLE = "mutation($id: ID!) { setMemberRole(userId: $id, role: BUILDER) { problems { code } } }"
REMOVE = "mutation($id: ID!) { removeMember(userId: $id) { done } }"
SWITCH = "mutation($id: ID!, $on: Boolean!) { setScenarioEnabled(id: $id, enabled: $on) { conflict } }"

KEYS = len(SCOPES)
"""Entries of a fresh workspace: a key for each role."""


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def forgiven(db: AsyncSession) -> None:
    """What other tests guessed wrong must not slow these."""
    await db.execute(delete(SignInAttempt))
    await db.commit()


async def entries(db: AsyncSession, place: Place) -> list[AuditEntry]:
    query = select(AuditEntry).where(col(AuditEntry.workspace_id) == place.id).order_by(col(AuditEntry.number))
    found = list((await db.execute(query)).scalars())
    db.expunge_all()
    await db.rollback()
    return found


async def chain(db: AsyncSession, place: Place) -> service.Chain:
    [found] = [one for one in await service.verify(db) if one.workspace_id == place.id]
    await db.rollback()
    return found


async def tamper(db: AsyncSession, statement: str, **params: Any) -> None:
    """As somebody would who owns the database."""
    await db.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_is_append_only"))
    await db.execute(text(statement), params)
    await db.flush()


async def test_signing_in_and_failing_to_are_written_with_the_address(
    house: House, place: Place, db: AsyncSession
) -> None:
    email = place.emails[Role.BUILDER]
    async with house.api() as browser:
        await browser(SIGN_IN, e=email, p="wrong")
        await browser(SIGN_IN, e=email, p=PASSWORD)
    failed, good = (await entries(db, place))[-2:]
    assert (failed.action, failed.actor_kind, failed.subject) == ("sign_in_failed", "nobody", email)
    assert (good.action, good.actor_kind, good.actor_name) == ("signed_in", "user", email)
    assert good.actor_id == place.callers[Role.BUILDER].user_id
    assert {failed.address, good.address} == {"127.0.0.1"}


async def test_what_is_done_to_people_keys_and_scenarios_is_written(
    owner: Api, builder: Api, place: Place, db: AsyncSession
) -> None:
    before = len(await entries(db, place))
    made = (await owner(ADD, e=f"eve-{place.id.hex[-8:]}@example.com"))["addMember"]["member"]["user"]["id"]
    await owner(ROLE, id=made)
    await owner(ROLE, id=made)
    await owner(REMOVE, id=made)
    create = 'mutation { createApiKey(name: "Robot", scope: READ) { apiKey { id } } }'
    key = (await owner(create))["createApiKey"]["apiKey"]["id"]
    await owner("mutation($id: ID!) { revokeApiKey(id: $id) { done } }", id=key)
    shown = await publish(builder, by_hand())
    for on in (False, False, True):
        await builder(SWITCH, id=shown["id"], on=on)
    exported = (await builder("query($id: ID!) { scenarioText(id: $id) }", id=shown["id"]))["scenarioText"]
    await builder("mutation($t: String!) { importScenario(text: $t) { conflict } }", t=exported)
    await builder(DELETE, id=shown["id"])
    found = (await entries(db, place))[before:]
    assert [one.action for one in found] == [
        "member_added",
        "role_changed",
        "member_removed",
        "key_created",
        "key_revoked",
        "scenario_published",
        "scenario_disabled",
        "scenario_enabled",
        "scenario_imported",
        "scenario_deleted",
    ]
    assert (found[0].actor_kind, found[0].actor_name, found[0].address) == ("key", "owner key", "127.0.0.1")
    assert found[1].details == {"before": "viewer", "after": "builder"}
    assert (str(found[5].subject_id), found[5].subject) == (shown["id"], "Orders")
    assert (await chain(db, place)).broken_at is None


async def test_what_was_refused_is_not_written(builder: Api, owner: Api, place: Place, db: AsyncSession) -> None:
    before = len(await entries(db, place))
    assert (await owner(ADD, e=place.emails[Role.VIEWER]))["addMember"]["problems"]
    await builder(DELETE, id=str(place.id))
    assert len(await entries(db, place)) == before


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
async def test_the_database_itself_refuses_changes(db: AsyncSession, place: Place, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        await db.execute(text(statement))
    await db.rollback()
    assert await entries(db, place)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_entry SET subject = 'x' WHERE workspace_id = :w AND number = 2", 2),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE workspace_id = :w AND number = 1", 1),
        ("DELETE FROM audit_entry WHERE workspace_id = :w AND number = 2", 3),
        (f"UPDATE audit_entry SET number = number + 1 WHERE workspace_id = :w AND number = {KEYS}", KEYS + 1),
    ],
)
async def test_tampering_breaks_the_chain(db: AsyncSession, place: Place, statement: str, broken_at: int) -> None:
    assert (await chain(db, place)) == service.Chain(
        place.id, (await chain(db, place)).workspace, KEYS, (await entries(db, place))[-1].hash, None
    )
    await tamper(db, statement, w=place.id)
    [found] = [one for one in await service.verify(db) if one.workspace_id == place.id]
    assert found.broken_at == broken_at
    await db.rollback()
    assert (await chain(db, place)).broken_at is None


async def test_an_end_that_was_cut_off_is_missed_by_whoever_noted_it(db: AsyncSession, place: Place) -> None:
    found = await chain(db, place)
    noted = f"{found.entries}:{found.head}"
    assert await service.holds(db, noted)
    await tamper(db, f"DELETE FROM audit_entry WHERE workspace_id = :w AND number = {KEYS}", w=place.id)
    assert [one.broken_at for one in await service.verify(db) if one.workspace_id == place.id] == [None]
    assert not await service.holds(db, noted)
    assert not await service.holds(db, "nonsense")
    await db.rollback()


async def test_entries_written_at_once_stand_in_one_chain(house: House, place: Place, db: AsyncSession) -> None:
    async def write(number: int) -> None:
        async with house.session() as own:
            await service.record(own, place.callers[Role.OWNER], "tested", subject=str(number))
            await own.commit()

    await asyncio.gather(*(write(number) for number in range(20)))
    found = await entries(db, place)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert found[0].previous == BEGIN
    assert (await chain(db, place)).broken_at is None
