"""Notices: each person reads for themselves; counting stays cheap however long the inbox is."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.house import Api, Place
from uuid_utils.compat import uuid7

from potok.people import service
from potok.people.inbox import COUNTED
from potok.people.models import Notice, Role
from potok.people.service import Caller
from potok.problems import Refused


async def write(
    db: AsyncSession, place: Place, *titles: str, to: UUID | None = None, at: datetime | None = None
) -> list[UUID]:
    """Notices as a step writes them; their ids."""
    ids = [uuid7() for _ in titles]
    moment = at or datetime.now(UTC)
    for found, title in zip(ids, titles, strict=True):
        key = str(uuid7())
        db.add(Notice(id=found, workspace_id=place.id, title=title, effect_key=key, user_id=to, created_at=moment))
        await db.flush()
    await db.commit()
    return ids


async def unread(db: AsyncSession, caller: Caller) -> int:
    return (await service.list_notices(db, caller, first=50, before=None)).unread


async def read_titles(db: AsyncSession, caller: Caller) -> list[str]:
    rows = (await service.list_notices(db, caller, first=50, before=None)).page.rows
    return [row.notice.title for row in rows if row.read_at is not None]


async def test_one_reader_marks_a_notice_for_nobody_else(place: Place, db: AsyncSession) -> None:
    [first, _] = await write(db, place, "first", "second")
    reader, other = place.callers[Role.BUILDER], place.callers[Role.VIEWER]
    await service.mark_notices_read(db, reader, [first])
    await service.mark_notices_read(db, reader, [first])
    assert await read_titles(db, reader) == ["first"]
    assert await read_titles(db, other) == []
    assert (await unread(db, reader), await unread(db, other)) == (1, 2)


async def test_a_notice_for_one_person_is_neither_seen_nor_marked_by_others(
    place: Place, other: Place, db: AsyncSession
) -> None:
    owner, viewer = place.callers[Role.OWNER], place.callers[Role.VIEWER]
    ids = await write(db, place, "for the owner", to=owner.user_id)
    assert (await unread(db, owner), await unread(db, viewer)) == (1, 0)
    await service.mark_notices_read(db, viewer, ids)
    await service.mark_notices_read(db, other.callers[Role.OWNER], ids)
    assert await unread(db, owner) == 1
    await service.mark_notices_read(db, owner, ids)
    assert await unread(db, owner) == 0


async def test_what_was_written_before_somebody_joined_is_no_news_to_them(place: Place, db: AsyncSession) -> None:
    viewer = place.callers[Role.VIEWER]
    await write(db, place, "old", at=datetime.now(UTC) - timedelta(days=1))
    await write(db, place, "new")
    assert await unread(db, viewer) == 1
    assert await read_titles(db, viewer) == ["old"]


async def test_a_program_has_no_inbox_of_its_own(viewer: Api, place: Place, db: AsyncSession) -> None:
    [found] = await write(db, place, "for people")
    with pytest.raises(Refused, match="no inbox"):
        await service.mark_notices_read(db, Caller(place.id, Role.OWNER), [found])
    mark = "mutation($ids: [ID!]!) { markNoticesRead(ids: $ids) { done problems { code } } }"
    assert (await viewer(mark, ids=[str(found)]))["markNoticesRead"] == {
        "done": False,
        "problems": [{"code": "inbox_of_people"}],
    }
    assert (await viewer("{ notices { unread } }"))["notices"]["unread"] == 0


async def test_pages_follow_each_other_over_both_kinds_of_notices(
    viewer: Api, stranger: Api, place: Place, db: AsyncSession
) -> None:
    await write(db, place, "first", "second")
    await write(db, place, "for the owner", to=place.callers[Role.OWNER].user_id)
    query = "{ notices(first: 1) { nodes { title readAt } pageInfo { hasNextPage endCursor } } }"
    page = (await viewer(query))["notices"]
    assert page["nodes"] == [{"title": "second", "readAt": None}]
    after = "query($a: String) { notices(after: $a) { nodes { title } pageInfo { hasNextPage } } }"
    rest = (await viewer(after, a=page["pageInfo"]["endCursor"]))["notices"]
    assert rest == {"nodes": [{"title": "first"}], "pageInfo": {"hasNextPage": False}}
    assert (await stranger(query))["notices"]["nodes"] == []
    assert await viewer.refused('{ notices(after: "###") { unread } }') == "cursor_invalid"
    owner = await service.list_notices(db, place.callers[Role.OWNER], first=50, before=None)
    assert [row.notice.title for row in owner.page.rows] == ["for the owner", "second", "first"]


async def test_counting_looks_at_so_many_and_no_more(place: Place, db: AsyncSession) -> None:
    await db.execute(
        text(
            "INSERT INTO notice (id, workspace_id, title, body, effect_key, created_at)"
            " SELECT gen_random_uuid(), :place, 'n', '', gen_random_uuid()::text, now()"
            " FROM generate_series(1, :many)"
        ),
        {"place": place.id, "many": COUNTED + 500},
    )
    await db.commit()
    assert await unread(db, place.callers[Role.VIEWER]) == COUNTED
