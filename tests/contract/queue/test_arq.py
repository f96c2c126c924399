"""The queue on real Valkey: batches arrive soon, without polling, and a loss of the queue harms nobody."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from potok.adapters.live import Channels, RedisLive, live_channel
from potok.adapters.queue_arq import JOB, WAKE, ArqQueue, QueueWorker, open_redis
from potok.engine.ports import Progress
from potok.server.tasks import end_task


class Taken:
    """What a worker was given."""

    def __init__(self) -> None:
        self.runs: list[UUID] = []
        self.replies: dict[UUID, str] = {}
        self.some = asyncio.Event()

    async def advance(self, run_ids: list[UUID], reply_to: dict[UUID, str]) -> None:
        """Remember."""
        self.runs += run_ids
        self.replies |= reply_to
        self.some.set()


@asynccontextmanager
async def worker(url: str, taken: Taken) -> AsyncIterator[None]:
    """A worker that hears wake-ups."""
    redis = open_redis(url)
    channels = Channels(redis)
    queue = QueueWorker(redis, taken.advance)
    tasks = [asyncio.create_task(channels.run()), asyncio.create_task(queue.main())]
    await channels.listen(WAKE, lambda message: queue.wake())
    try:
        yield
    finally:
        for task in tasks:
            await end_task(task)
        await queue.stop()
        await redis.aclose(close_connection_pool=True)


async def test_a_batch_reaches_the_worker_at_once_with_its_replies(fresh_redis_url: str) -> None:
    taken, redis = Taken(), open_redis(fresh_redis_url)
    runs = [uuid7() for _ in range(100)]
    async with worker(fresh_redis_url, taken):
        await asyncio.sleep(0.1)
        began = time.monotonic()
        assert await ArqQueue(redis).offer(runs, {runs[3]: "api-1"})
        async with asyncio.timeout(5):
            await taken.some.wait()
        assert time.monotonic() - began < 0.4, "the wake-up did not arrive, only the poll found the job"
    assert taken.runs == runs
    assert taken.replies == {runs[3]: "api-1"}
    await redis.aclose(close_connection_pool=True)


async def test_a_job_offered_while_no_worker_runs_is_found_later(fresh_redis_url: str) -> None:
    taken, redis = Taken(), open_redis(fresh_redis_url)
    run = uuid7()
    await ArqQueue(redis).offer([run], {})
    async with worker(fresh_redis_url, taken), asyncio.timeout(5):
        await taken.some.wait()
    assert taken.runs == [run]
    await redis.aclose(close_connection_pool=True)


async def test_the_job_is_what_arq_itself_would_have_written(fresh_redis_url: str) -> None:
    redis = open_redis(fresh_redis_url)
    run = uuid7()
    await ArqQueue(redis).offer([run], {})
    await redis.enqueue_job(JOB, [str(run)], {})
    ours, arqs = await redis.queued_jobs()
    assert (ours.function, ours.args, ours.kwargs) == (arqs.function, arqs.args, arqs.kwargs)
    await redis.aclose(close_connection_pool=True)


async def test_a_queue_that_is_away_says_no_and_raises_nothing() -> None:
    redis = open_redis("unix:///nowhere/valkey.sock")
    assert not await ArqQueue(redis).offer([uuid7()], {})
    await redis.aclose(close_connection_pool=True)


@pytest.mark.parametrize("watched", [True, False])
async def test_progress_is_put_together_only_for_watched_scenarios(fresh_redis_url: str, watched: bool) -> None:
    redis = open_redis(fresh_redis_url)
    channels = Channels(redis)
    heard: list[bytes] = []
    built: list[UUID] = []
    listening = asyncio.create_task(channels.run())
    scenario, run = uuid7(), uuid7()

    def build() -> Progress:
        built.append(run)

        return Progress(run, scenario, "succeeded", 1, datetime.now(UTC), [{"n": "a", "s": "done", "p": "out"}])

    if watched:
        await channels.listen(live_channel(scenario), heard.append)
    await RedisLive(redis).publish([build], [scenario])
    await asyncio.sleep(0.1)
    assert len(built) == len(heard) == (1 if watched else 0)
    await end_task(listening)
    await redis.aclose(close_connection_pool=True)
