"""Chooses the adapters and gives each process its objects; only here it is known which adapter stands where."""

import asyncio
import logging
import os
import platform
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from arq import ArqRedis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from potok.adapters.faults import Faults, FaultyHttp, FaultyLive
from potok.adapters.faults import from_environment as faults_from_environment
from potok.adapters.http import OutboundHttp
from potok.adapters.larges import Larges
from potok.adapters.live import CATALOG, SCENARIO, Channels, RedisLive, kept_reply, reply_channel
from potok.adapters.queue_arq import ArqQueue, open_redis
from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.adapters.store_postgres.blobs import PostgresBlobs
from potok.adapters.store_postgres.calendars import KeptCalendars
from potok.adapters.store_postgres.connection import Pool
from potok.adapters.store_postgres.records import Webs
from potok.calendars.events import CHANNEL as CALENDARS
from potok.engine.bulk import Bulk
from potok.engine.executor import Executor
from potok.engine.ports import Live
from potok.engine.program import Step
from potok.migrate import async_url
from potok.scenarios.dispatch import Dispatcher
from potok.scenarios.listening import Listeners
from potok.sdk.ctx import HttpClient
from potok.server.catalog import LiveCatalog
from potok.server.hooks import Hooks
from potok.server.ingest import Ingestor
from potok.server.replies import Replies
from potok.server.tasks import end_task
from potok.settings import Settings

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Services:
    """What a process works with. All of it survives the loss and return of the database and of Redis."""

    settings: Settings
    pool: Pool
    engine: AsyncEngine
    redis: ArqRedis
    store: PostgresStore
    catalog: LiveCatalog
    dispatcher: Dispatcher
    listeners: Listeners
    webs: Webs
    ingestor: Ingestor
    live: Channels
    replies: Replies
    http: OutboundHttp
    calendars: KeptCalendars
    faults: Faults | None = None
    """Set by crash tests only: where this process is to die."""

    def hooks(self) -> Hooks:
        """The webhook endpoint; put it before the web application with `potok.server.hooks.front`."""
        return Hooks(
            self.dispatcher,
            self.ingestor,
            self.store,
            self.replies,
            max_body=self.settings.max_body,
            reply_timeout=self.settings.reply_timeout,
        )

    async def ready(self) -> bool:
        """Whether the database answers: without it nothing can be accepted."""
        try:
            async with asyncio.timeout(3):
                return bool(await self.pool.fetchval("SELECT true"))
        except Exception as error:  # whatever it is, the process is not ready
            log.debug("not ready: %s", error)
            return False


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Connect, start the background tasks, and take all down again in order."""
    async with AsyncExitStack() as stack:
        faults = faults_from_environment(os.environ)
        pool = await engine_pool(
            settings.database_url, connection_class=faults.connection_class() if faults else None
        )
        stack.push_async_callback(pool.close)
        engine = create_async_engine(
            async_url(settings.database_url), pool_size=5, max_overflow=15, pool_pre_ping=True
        )
        stack.push_async_callback(engine.dispose)
        redis = open_redis(settings.redis_url)
        stack.push_async_callback(redis.aclose, True)
        catalog = LiveCatalog(settings.plugins)
        blobs = PostgresBlobs(pool, settings.scenario_bytes)
        webs = Webs(engine)
        store = PostgresStore(pool, Larges(blobs, settings.inline_bytes), webs)
        http = OutboundHttp(settings.allow_private_hosts)
        stack.push_async_callback(http.aclose)
        services = Services(
            settings=settings,
            pool=pool,
            engine=engine,
            redis=redis,
            store=store,
            catalog=catalog,
            dispatcher=Dispatcher(engine, catalog),
            listeners=Listeners(engine, catalog),
            webs=webs,
            ingestor=Ingestor(store, ArqQueue(redis), settings.ingest_queue),
            live=Channels(redis),
            replies=Replies(partial(_large_reply, redis)),
            http=http,
            calendars=KeptCalendars(pool),
            faults=faults,
        )
        ingestor, live = services.ingestor, services.live
        for work in (ingestor.write(), ingestor.offer(), live.run(), _watch(services)):
            stack.push_async_callback(end_task, asyncio.create_task(work))
        await _listen(services)
        yield services


async def _large_reply(redis: ArqRedis, run_id: str) -> bytes | None:
    """The end of a run that was too large for the channel, once."""
    try:
        found: bytes | None = await redis.getdel(kept_reply(run_id))
    except (RedisError, OSError) as error:
        log.debug("a large reply was lost: %s", error)
        return None
    return found


async def _watch(services: Services) -> None:
    """Reload changed plugins, and tell the other processes."""
    telling: set[asyncio.Task[None]] = set()

    async def tell() -> None:
        try:
            await services.redis.publish(CATALOG, services.catalog.state)
        except (RedisError, OSError) as error:
            log.debug("others do not hear that the node types changed: %s", error)

    def changed() -> None:
        task = asyncio.create_task(tell())
        telling.add(task)
        task.add_done_callback(telling.discard)

    services.catalog.on_change.append(changed)
    await services.catalog.watch()


async def _listen(services: Services) -> None:
    loop = asyncio.get_running_loop()
    reloading: set[asyncio.Task[None]] = set()

    def reload(message: bytes) -> None:
        if message.decode() != services.catalog.state:
            task = loop.create_task(services.catalog.reload())
            reloading.add(task)
            task.add_done_callback(reloading.discard)

    def drop(message: bytes) -> None:
        scenario_id = UUID(message.decode())
        services.dispatcher.drop(scenario_id)
        services.listeners.drop(scenario_id)

    await asyncio.gather(
        services.live.listen(SCENARIO, drop),
        services.live.listen(CALENDARS, lambda message: services.calendars.drop(UUID(message.decode()))),
        services.live.listen(CATALOG, reload),
        services.live.listen(reply_channel(services.replies.process), services.replies.hear),
    )


def process_name() -> str:
    """Names this process in leases."""
    return f"{platform.node()}:{os.getpid()}:{os.urandom(3).hex()}"


def make_executor(services: Services, owner: str) -> Executor:
    """The engine of a worker process; `owner` names it in leases."""
    live: Live = RedisLive(services.redis)
    faults = services.faults

    def way_out(step: Step) -> HttpClient:
        client = services.http.for_hosts(step.type.net if step.type is not None else ())
        return client if faults is None else FaultyHttp(client, faults)

    return Executor(
        services.store,
        services.catalog,
        live if faults is None else FaultyLive(live, faults),
        way_out,
        owner=owner,
        lease=services.settings.lease_seconds,
        capacity=services.settings.worker_runs,
        calendars=services.calendars,
        bulk=Bulk(services.settings.claim_bytes, services.settings.worker_bytes),
    )
