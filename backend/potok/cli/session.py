"""A database session for one command: one transaction, committed when the command succeeds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from potok.announce import take_announced
from potok.cli.say import locale
from potok.migrate import async_url
from potok.people import service as people
from potok.people.service import Caller, Role
from potok.scenarios.events import CHANNEL, ScenarioChanged


@asynccontextmanager
async def database(url: str, redis_url: str = "") -> AsyncIterator[AsyncSession]:
    """Services flush, the edge commits: here. With a queue's address, running processes hear what has changed."""
    engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            yield session
            await session.commit()
            announced = take_announced(session)
    finally:
        await engine.dispose()
    changed = {event.scenario_id for event in announced if isinstance(event, ScenarioChanged)}
    if changed and redis_url:
        async with Redis.from_url(redis_url) as queue:
            for scenario_id in changed:
                await queue.publish(CHANNEL, str(scenario_id))


async def command_line(db: AsyncSession) -> Caller:
    """The caller that commands are: whoever reaches the database may do everything in its workspace."""
    workspace = await people.only_workspace(db)
    return Caller(workspace_id=workspace.id, role=Role.OWNER, locale=locale(), address="command line")
