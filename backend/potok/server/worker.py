"""The worker process: takes jobs from the queue, sweeps, fires timers, renews leases, stops gently."""

import asyncio
import logging
import resource
import signal
from uuid import UUID

import uvloop
from sqlalchemy.ext.asyncio import AsyncSession

from potok.adapters.queue_arq import WAKE, QueueWorker
from potok.adapters.store_postgres.claim import accuse
from potok.adapters.store_postgres.owners import PREFIX, Owners
from potok.engine.guard import watching
from potok.records.events import CHANNEL as RECORDS
from potok.runs.events import CHANNEL as HALT
from potok.server.announcer import Announcer
from potok.server.collector import calm_collector
from potok.server.history import keep_history
from potok.server.importing import keep_importing
from potok.server.indexing import keep_indexes
from potok.server.schema_watch import SchemaWatch, Unfit
from potok.server.tasks import end_task
from potok.server.timers import Timers
from potok.server.wiring import make_executor, open_services, process_name
from potok.settings import Settings

log = logging.getLogger(__name__)

_BACKLOG = 5_000
"""Offered runs that may wait in memory before the queue keeps the rest."""
_GRACE = 8.0


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    calm_collector()
    if settings.worker_memory:
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (settings.worker_memory, most))

    def blame(run_id: str, node_id: str) -> None:
        asyncio.run(accuse(settings.database_url, UUID(run_id), node_id))

    with watching(settings.step_block_seconds, blame):
        uvloop.run(work(settings))


async def work(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """The same inside a running loop; `stop` ends it as a signal would. Raises Unfit: the schema is too new."""
    stopped = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    if stop is None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
    async with open_services(settings) as services:
        schema = SchemaWatch(services.pool)
        ending = asyncio.create_task(stopped.wait())
        if not await _fitting(schema, ending):
            return
        owners = Owners(services.pool, PREFIX + process_name())
        executor = make_executor(services, owners.name)

        async def execute() -> None:
            await owners.held.wait()  # without the lock the others would take us for dead
            await executor.run()

        async def advance(run_ids: list[UUID], reply_to: dict[UUID, str]) -> None:
            executor.offer(run_ids, reply_to)
            await executor.room(_BACKLOG)

        queue = QueueWorker(services.redis, advance)
        await services.live.listen(WAKE, lambda message: queue.wake())
        await services.live.listen(
            HALT, lambda message: executor.halt([UUID(part) for part in message.decode().split(",")])
        )
        timers = Timers(services.store, services.dispatcher, executor.offer, services.calendars)
        services.store.on_planned = timers.nudge
        announcer = Announcer(services.store, services.listeners, services.webs, executor.offer)
        await services.live.listen(RECORDS, lambda message: announcer.nudge())
        services.store.on_records = announcer.nudge
        tasks: list[asyncio.Task[None]] = [
            asyncio.create_task(work_loop, name=name)
            for name, work_loop in (
                ("queue", queue.main()),
                ("timers", timers.run()),
                ("announcer", announcer.run()),
                ("executor", execute()),
                ("owners", owners.run()),
                ("schema", schema.keep()),
                ("history", keep_history(settings, lambda: AsyncSession(services.engine))),
                ("indexes", keep_indexes(services.engine)),
                ("imports", keep_importing(lambda: AsyncSession(services.engine, expire_on_commit=False))),
            )
        ]
        log.info("The worker is ready.")
        await asyncio.wait([*tasks, ending], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks[:3]:
            await end_task(task)
        await queue.stop()
        await executor.stop(_GRACE)
        ending.cancel()
        for task in tasks:
            await end_task(task)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            if isinstance(error, Unfit):
                raise error
            raise RuntimeError(f"the worker's {task.get_name()} stopped") from error


async def _fitting(schema: SchemaWatch, ending: "asyncio.Task[bool]") -> bool:
    """Wait until the database is ready for this version; False when the worker was stopped meanwhile."""
    waiting = asyncio.create_task(schema.fitting())
    await asyncio.wait([waiting, ending], return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        await end_task(waiting)
        return False
    try:
        waiting.result()
    except Unfit:
        await end_task(ending)
        raise
    return True
