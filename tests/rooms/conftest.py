"""One Potok served for all tests of the rooms; each test works in workspaces of its own."""

from collections.abc import AsyncIterator

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.house import Api, House, Place, serve

from potok.people.models import Role


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(database_url: str, redis_url: str) -> AsyncIterator[House]:
    """A running Potok on the session's database."""
    async with serve(database_url, redis_url) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def place(house: House) -> Place:
    """A workspace of this test."""
    return await house.place()


@pytest_asyncio.fixture(loop_scope="session")
async def other(house: House) -> Place:
    """Another workspace, whose people must see nothing of the first."""
    return await house.place()


@pytest_asyncio.fixture(loop_scope="session")
async def db(house: House) -> AsyncIterator[AsyncSession]:
    """A session on the database."""
    async with house.session() as session:
        yield session


@pytest_asyncio.fixture(loop_scope="session")
async def nobody(house: House) -> AsyncIterator[Api]:
    """A caller without cookie or key."""
    async with house.api() as api:
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def viewer(house: House, place: Place) -> AsyncIterator[Api]:
    """A key that may look."""
    async with house.api(place.keys[Role.VIEWER]) as api:
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def builder(house: House, place: Place) -> AsyncIterator[Api]:
    """A key that may build."""
    async with house.api(place.keys[Role.BUILDER]) as api:
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def owner(house: House, place: Place) -> AsyncIterator[Api]:
    """A key that may administer."""
    async with house.api(place.keys[Role.OWNER]) as api:
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(house: House, other: Place) -> AsyncIterator[Api]:
    """The owner of another workspace."""
    async with house.api(other.keys[Role.OWNER]) as api:
        yield api
