"""An office with contacts, deals and line items in a migrated database."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest_asyncio
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from uuid_utils.compat import uuid7

from potok.migrate import async_url
from potok.people.models import Role, Workspace
from potok.people.service import Caller
from potok.records import reading
from potok.records.service import records, types
from potok.records.service.types import NewField
from potok.records.writing import Change, Written

VAT = {
    "options": [
        {"id": "v20", "names": {"en": "20 %"}, "value": "0.2"},
        {"id": "v0", "names": {"en": "0"}, "value": 0},
    ]
}


def field(key: str, kind: str, **options: Any) -> NewField:
    """A field; what is no option of every field is a setting of its kind."""
    own = {name: options.pop(name) for name in ("required", "unique", "default") if name in options}
    return NewField(key, kind, {"en": key}, options, **own)


@dataclass
class Office:
    """One workspace and its database."""

    engine: AsyncEngine
    caller: Caller

    def session(self) -> AsyncSession:
        """A session of one's own."""
        return AsyncSession(self.engine, expire_on_commit=False)

    async def add_type(self, key: str, *fields: NewField, title: str = "") -> None:
        """A type of record."""
        async with self.session() as db, db.begin():
            wanted = types.NewType(key, {"en": key}, fields, title_field=title)
            await types.add_types(db, self.caller, [wanted])

    async def write(self, type_key: str, *patches: dict[str, Any]) -> list[Written]:
        """Change the records that have an `id`, create the others; all in one transaction."""
        async with self.session() as db, db.begin():
            web, shape = await records.shape_of(db, self.caller, type_key)
            changes = [
                Change(shape, {key: value for key, value in one.items() if key != "id"}, one.get("id"))
                for one in patches
            ]
            return await records.write_many(db, self.caller, web, changes)

    async def put(self, type_key: str, **patch: Any) -> UUID:
        """Create (or with `id` change) one record that must be fine."""
        [done] = await self.write(type_key, patch)
        assert not done.problems, done.problems
        return done.record_id

    async def get(self, type_key: str, record_id: UUID) -> reading.Found:
        """One record as it is."""
        async with self.session() as db:
            return await records.get_record(db, self.caller, type_key, record_id)

    async def page(
        self, type_key: str, wish: reading.Wish, limit: int = 50, place: Any = None
    ) -> list[reading.Found]:
        """One page of a list."""
        async with self.session() as db:
            _, shape = await records.shape_of(db, self.caller, type_key)
            return await reading.page(await records.raw(db), shape, wish, limit, place)

    async def fetch(self, query: str, *args: Any) -> Sequence[Any]:
        """Rows, behind the service's back."""
        async with self.session() as db:
            return await (await records.raw(db)).fetch(query, *args)


async def open_office(url: str) -> Office:
    """A workspace of its own."""
    engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
    workspace = uuid7()
    async with AsyncSession(engine) as db, db.begin():
        db.add(Workspace(id=workspace, name="Office", created_at=datetime.now(UTC)))
    return Office(engine, Caller(workspace, Role.OWNER, api_key_name="test"))


@pytest_asyncio.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """Contacts, deals whose total depends on the contact and on their items, and items."""
    made = await open_office(database_url)
    await made.add_type(
        "contact",
        field("name", "text", required=True),
        field("phone", "phone", unique=True),
        field("discount", "number"),
        title="name",
    )
    await made.add_type(
        "deal",
        field("number", "autonumber", pattern="D-{n:5}"),
        field("title", "text"),
        field("contact", "relation", target="contact", back="deals"),
        field("close", "date"),
        field(
            "colors",
            "choices",
            options=[{"id": "red", "names": {"en": "Red"}}, {"id": "blue", "names": {"en": "Blue"}}],
        ),
        field("amount", "money"),
        field("vip", "boolean"),
        title="title",
    )
    await made.add_type(
        "item",
        field("name", "text"),
        field("deal", "relation", target="deal", back="items"),
        field("price", "money"),
        field("quantity", "number"),
        field("vat", "calculated", **VAT),
        field("sum", "formula", formula="price * quantity * (1 + vat)", result="money"),
        title="name",
    )
    async with made.session() as db, db.begin():
        await types.add_field(
            db,
            made.caller,
            "deal",
            field(
                "total",
                "formula",
                formula="SUM(MAP(items; item.sum)) * (1 - contact.discount / 100)",
                result="money",
            ),
        )
    yield made
    await made.engine.dispose()
