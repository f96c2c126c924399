"""The queue on arq: one job carries a batch of run ids; a wake-up message spares the worker from polling often."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson
from arq import ArqRedis, Worker, func
from arq.constants import job_key_prefix
from arq.jobs import serialize_job
from arq.utils import timestamp_ms
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

QUEUE = "potok:queue"
WAKE = "potok:wake"
"""Channel on which waiting workers hear that there is a new job."""
JOB = "advance"
_EXPIRES_MS = 3_600_000  # a job is only a hint: after an hour the sweep has long done its work
_POLL = 0.5

Advance = Callable[[list[UUID], dict[UUID, str]], Awaitable[None]]


def _dump(value: Any) -> bytes:
    return orjson.dumps(value, default=str)


def open_redis(url: str, *, connections: int = 16) -> ArqRedis:
    """A client for commands; it connects when first used, and again after a loss."""
    pool = ConnectionPool.from_url(url, max_connections=connections, socket_timeout=2, socket_connect_timeout=2)
    return ArqRedis(pool, job_serializer=_dump, job_deserializer=orjson.loads, default_queue_name=QUEUE)


class ArqQueue:
    """Puts batches into arq's queue."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis
        self._away = False

    async def offer(self, run_ids: Sequence[UUID], reply_to: dict[UUID, str]) -> bool:
        """One job for all of them. The id is new, so arq's look whether it exists is left out: one round trip."""
        job_id, now = uuid4().hex, timestamp_ms()
        args = ([str(run) for run in run_ids], {str(run): process for run, process in reply_to.items()})
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.psetex(
                    job_key_prefix + job_id, _EXPIRES_MS, serialize_job(JOB, args, {}, None, now, serializer=_dump)
                )
                pipe.zadd(QUEUE, {job_id: now})
                pipe.publish(WAKE, b"1")
                await pipe.execute()
        except (RedisError, OSError) as error:
            if not self._away:
                log.warning("the queue is away, the sweep takes over: %s", error)
            self._away = True
            return False
        self._away = False
        return True


class QueueWorker(Worker):
    """arq's worker; it looks for jobs when woken, else twice a second, and survives the loss of the queue."""

    def __init__(self, redis: ArqRedis, advance: Advance, *, max_jobs: int = 50) -> None:
        async def job(ctx: dict[Any, Any], run_ids: list[str], reply_to: dict[str, str]) -> None:
            await advance(
                [UUID(run) for run in run_ids], {UUID(run): process for run, process in reply_to.items()}
            )

        super().__init__(
            [func(job, name=JOB, keep_result=0, max_tries=1)],
            queue_name=QUEUE,
            redis_pool=redis,
            handle_signals=False,
            max_jobs=max_jobs,
            keep_result=0,
            poll_delay=_POLL,
            job_serializer=_dump,
            job_deserializer=orjson.loads,
            log_results=False,
        )
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is a new job."""
        self._woken.set()

    async def stop(self) -> None:
        """Drop the jobs in hand; the runs they named are found by the sweep."""
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    async def main(self) -> None:
        """Take jobs until cancelled."""
        away = False
        while True:
            self._woken.clear()
            try:
                await self._poll_iteration()
                away = False
            except (RedisError, OSError) as error:
                if not away:
                    log.warning("the queue is away: %s", error)
                away = True
            try:
                async with asyncio.timeout(_POLL):
                    await self._woken.wait()
            except TimeoutError:
                pass
